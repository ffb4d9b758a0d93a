import pg from 'pg';
import type { DataSource } from 'typeorm';
import { EnvironmentError, messageOf } from '../errors.js';
import { createDataSource } from './data-source.js';
import { EmbeddedPostgres, runningDatabaseUrl } from './embedded-postgres.js';

/** Any number that nothing else locks: instances that start together migrate one after the other. */
const migrationLock = 0x6164_6466;

export interface DatabaseOptions {
  /** Unset: the embedded PostgreSQL of `dataDirectory`. */
  databaseUrl: string | undefined;
  dataDirectory: string;
  /** Where a platform already runs on `dataDirectory`: use its database, instead of refusing. */
  join?: boolean;
  /** For whom everything is done, as the audit log names them; default: the platform itself. */
  actor?: string;
  log: (line: string) => void;
}

/** A connected, migrated database. */
export interface OpenDatabase {
  dataSource: DataSource;
  url: string;
  /** Settles when the embedded server has ended and cannot be started again; never for a server that is not ours. */
  ended: Promise<void>;
  /** Disconnects; stops the server where this process started it. */
  close(): Promise<void>;
}

/** @throws EnvironmentError where there is no database to be had; nothing is changed then. */
export async function openDatabase({
  databaseUrl,
  dataDirectory,
  join = false,
  actor,
  log,
}: DatabaseOptions): Promise<OpenDatabase> {
  const foreign = databaseUrl ?? (join ? await runningDatabaseUrl(dataDirectory) : null);
  if (foreign) return connect(foreign, null, actor);
  const server = await EmbeddedPostgres.start({ dataDirectory, log });
  try {
    return await connect(server.url, server, actor);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function connect(url: string, server: EmbeddedPostgres | null, actor?: string): Promise<OpenDatabase> {
  const dataSource = createDataSource(url, actor);
  try {
    await dataSource.initialize();
  } catch (error) {
    throw new EnvironmentError(
      `DATABASE_URL: no connection to ${withoutPassword(url)} (${messageOf(error) || (error as { code?: string }).code}).`,
      { variable: 'DATABASE_URL' },
    );
  }
  try {
    await migrate(dataSource, url);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  const close = async (): Promise<void> => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await server?.stop();
  };
  return { dataSource, url, ended: server?.keepRunning() ?? new Promise<void>(() => undefined), close };
}

/** A session's advisory lock goes with its connection, so a killed instance holds up nobody. */
async function migrate(dataSource: DataSource, url: string): Promise<void> {
  const guard = new pg.Client({ connectionString: url });
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await dataSource.runMigrations();
  } finally {
    await guard.end();
  }
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return shown.href;
}
