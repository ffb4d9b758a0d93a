import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatChecks } from '../../../server/src/commands/doctor.js';
import {
  checkDatabase,
  checkDataDirectory,
  checkEngine,
  checkMemory,
  checkNode,
} from '../../../server/src/commands/doctor-checks.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'doctor-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the doctor', () => {
  test('names the backend that runs, and each one before it with the reason', async () => {
    const checks = await checkEngine({ backend: 'auto', threads: 2 });
    const runs = checks.findIndex(({ found }) => found.startsWith('computes'));
    expect(runs).toBeGreaterThanOrEqual(0);
    for (const { found } of checks.slice(0, runs)) expect(found).toMatch(/^passed over: .{10,}/);
    expect(checks.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['training', 'evaluation']));
    expect(checks.some(({ outcome }) => outcome === 'bad')).toBe(false);
  });

  test('says why a backend that was asked for cannot run', async () => {
    const checks = await checkEngine({ backend: 'tensorflow', threads: 1 });
    expect(checks).toEqual([
      {
        subject: 'engine',
        outcome: 'bad',
        found: expect.stringContaining('package @tensorflow/tfjs-node is not installed'),
      },
    ]);
    expect(formatChecks(checks)).toMatch(/NO {2}engine .*\nNot ready: engine\.\n$/s);
  });

  test('finds a data directory that cannot be written to, and makes none', () => {
    expect(checkDataDirectory(directory)).toMatchObject({ outcome: 'good', found: directory });
    expect(checkDataDirectory(path.join(directory, 'a', 'b')).found).toContain('to be made');
    expect(checkDataDirectory(path.join(process.execPath, 'below-a-file')).outcome).toBe('bad');
  });

  test('finds a database server that does not answer', async () => {
    const check = await checkDatabase({
      databaseUrl: 'postgres://nobody:secret@127.0.0.1:9/none',
      dataDirectory: directory,
    });
    expect(check).toMatchObject({
      subject: 'database',
      outcome: 'bad',
      found: expect.stringMatching(/DATABASE_URL does not answer \(.*ECONNREFUSED/),
    });
    expect(check.found).not.toContain('secret');
    expect((await checkDatabase({ databaseUrl: undefined, dataDirectory: directory })).found).toMatch(
      /embedded PostgreSQL/,
    );
  });

  test('minds old versions of Node and little memory', () => {
    expect(checkNode('22.23.3').outcome).toBe('good');
    expect(checkNode('20.11.0')).toMatchObject({
      outcome: 'bad',
      found: expect.stringContaining('expected 22.15.0 or later'),
    });
    expect(checkMemory(8e9, 16e9).outcome).toBe('good');
    expect(checkMemory(1e9, 16e9)).toMatchObject({ outcome: 'note', found: expect.stringContaining('smaller width') });
  });
});
