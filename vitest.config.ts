import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // One copy of graphql: tests would otherwise get index.mjs and type-graphql index.js ("another module or realm").
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  oxc: { decorator: { legacy: true } },
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    globalSetup: ['tests/support/database-server.ts'],
    reporters: ['default', './tests/support/closing-line.ts'],
    setupFiles: ['reflect-metadata'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The default of one second is a wait for a time on a machine that does something else meanwhile.
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    // Browsers, databases and killed processes on a machine of unknown speed: once more there, and the report says so.
    retry: process.env.CI ? 1 : 0,
  },
});
