import pg from 'pg';
import type { DataSource } from 'typeorm';
import { EnvironmentError, messageOf } from '../errors.js';
import { createDataSource, migrations, newerMigrations } from './data-source.js';
import { EmbeddedPostgres, runningDatabaseUrl } from './embedded-postgres.js';

/** Any number that nothing else locks: instances that start together migrate one after the other. */
const migrationLock = 0x6164_6466;
/** After this it is said that another instance migrates. */
const turnMilliseconds = 10_000;

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
  const told = { ...(actor !== undefined && { actor }), log };
  if (foreign) return connect(foreign, null, told);
  const server = await EmbeddedPostgres.start({ dataDirectory, log });
  try {
    return await connect(server.url, server, told);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function connect(
  url: string,
  server: EmbeddedPostgres | null,
  { actor, log }: Pick<DatabaseOptions, 'actor' | 'log'>,
): Promise<OpenDatabase> {
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
    await checkEncoding(dataSource);
    await migrate(dataSource, url, log);
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

/** Names are compared by Unicode's rules, which PostgreSQL has for UTF-8 alone. @throws EnvironmentError for another encoding. */
async function checkEncoding(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ encoding: string; name: string }[]>(
    `SELECT current_setting('server_encoding') AS encoding, current_database() AS name`,
  );
  if (row?.encoding === 'UTF8') return;
  throw new EnvironmentError(
    `DATABASE_URL: expected a database in UTF8, found "${row?.name}" in ${row?.encoding}. Create one with \`createdb --encoding=UTF8 --template=template0 NAME\`.`,
    { variable: 'DATABASE_URL' },
  );
}

/** A session's advisory lock goes with its connection, so a killed instance holds up nobody. */
async function migrate(dataSource: DataSource, url: string, log: (line: string) => void): Promise<void> {
  const guard = new pg.Client({ connectionString: url, keepAlive: true });
  await guard.connect();
  try {
    await takeTurn(guard, log);
    await refuseNewer(dataSource);
    await dataSource.runMigrations();
  } finally {
    await guard.end();
  }
}

/** One that hangs while it migrates holds the others up: they say so. */
async function takeTurn(guard: pg.Client, log: (line: string) => void): Promise<void> {
  const waiting = setInterval(
    () => log('another instance of the platform migrates the database, and has for a while; waiting for it'),
    turnMilliseconds,
  );
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [migrationLock]);
  } finally {
    clearInterval(waiting);
  }
}

/**
 * A program older than its database would write rows that the newer one does not expect, or fail in the middle.
 * @throws EnvironmentError that names the newest migration that this program does not have; nothing was changed.
 */
async function refuseNewer(dataSource: DataSource): Promise<void> {
  const [{ table }] = (await dataSource.query(`SELECT to_regclass('migrations')::text AS "table"`)) as [
    { table: string | null },
  ];
  if (table === null) return;
  const done: { name: string }[] = await dataSource.query('SELECT name FROM migrations ORDER BY "timestamp" DESC');
  const unknown = newerMigrations(done.map(({ name }) => name));
  if (unknown.length === 0) return;
  const [newest] = unknown;
  const expected = migrations.at(-1)?.name;
  throw new EnvironmentError(
    `The database is newer than this program: expected ${expected} as its newest migration, found ${newest}${unknown.length > 1 ? ` and ${unknown.length - 1} more that this program does not have` : ''}. Nothing was changed: start the version of the platform that last ran on it, or a later one, or give another database or DATA_DIR.`,
    { expected, found: newest, unknown },
  );
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return shown.href;
}
