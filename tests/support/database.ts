import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { createDataSource } from '../../server/src/database/data-source.js';
import { templateName } from './database-server.js';

export interface TestDatabase {
  dataSource: DataSource;
  url: string;
  /** Closes `dataSource`, cuts whoever else is connected, removes the database. */
  drop(): Promise<void>;
}

/** A real, migrated, empty database of its own. Takes about 30 ms: `beforeAll` makes one, `afterAll` drops it. */
export async function testDatabase(): Promise<TestDatabase> {
  return databaseFrom(templateName);
}

/** The same without a single table. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return databaseFrom('template0');
}

/** The same database for another server; dropping it only closes the connection. */
export async function anotherConnection({ url }: TestDatabase): Promise<TestDatabase> {
  const dataSource = await createDataSource(url).initialize();
  return { dataSource, url, drop: () => dataSource.destroy() };
}

async function databaseFrom(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(inject('databaseServerUrl'));
  url.pathname = `/${name}`;
  const dataSource = await createDataSource(url.href).initialize();
  const drop = async (): Promise<void> => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await administer(`DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { dataSource, url: url.href, drop };
}

async function administer(statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('databaseServerUrl') });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
