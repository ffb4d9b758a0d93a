import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { createDataSource } from '../../server/src/database/data-source.js';
import { EmbeddedPostgres } from '../../server/src/database/embedded-postgres.js';

export const templateName = 'platform_template';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The one PostgreSQL server of this test run, with rights to create databases. */
    databaseServerUrl: string;
  }
}

/**
 * Vitest's global set-up: one PostgreSQL server for the whole run, and in it a migrated database that `testDatabase`
 * copies.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(path.join(tmpdir(), 'ada-df-tests-'));
  const server = await EmbeddedPostgres.start({ dataDirectory: directory, log: () => undefined, durable: false });
  await createTemplate(server.url);
  project.provide('databaseServerUrl', server.url);
  return async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}

async function createTemplate(serverUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${templateName}`);
  await admin.end();
  const template = new URL(serverUrl);
  template.pathname = `/${templateName}`;
  const dataSource = await createDataSource(template.href).initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}
