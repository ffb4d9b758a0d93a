import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import { createDataSource, migrations as known, newerMigrations } from '../../database/data-source.js';
import { type DataStore, privateDirectory } from '../../storage/data-store.js';
import { streamIntoFile } from '../../storage/file-bytes.js';
import { BackupError, type BackupHead, filesPrefix, keptFolders, quoted, tablesPrefix } from './backup-layout.js';
import { checkBackup, eachEntry } from './read-backup.js';

/** A database and a data directory that hold nothing yet. */
export interface RestoreTarget {
  dataSource: DataSource;
  url: string;
  store: DataStore;
}

/**
 * Puts a backup into an empty database and an empty data directory: checked whole before anything is written, the
 * database in one transaction. A backup of an older program is brought up to date.
 *
 * @throws BackupError where the backup is damaged or newer than this program, or the target is not empty; the target is
 * as it was then.
 */
export async function restoreBackup(
  file: string,
  { dataSource, url, store }: RestoreTarget,
  log: (line: string) => void = () => undefined,
): Promise<BackupHead> {
  const head = await checkBackup(file);
  log(`${file}: every byte is as it was written, at ${head.createdAt}`);
  demandKnown(head);
  await demandEmpty(dataSource, store);
  await dataSource.destroy();
  const staging = store.folder(`restore-${process.pid}-${Date.now()}`);
  const client = new pg.Client({ connectionString: url, application_name: 'ada-df-restore' });
  await client.connect();
  try {
    await layOut(client, url, head);
    await client.query('BEGIN');
    await fill(client, file, head, staging);
    const placed = await placeFiles(store, staging);
    await client.query('COMMIT').catch(async (error: unknown) => {
      for (const folder of placed) await rm(store.file(folder), { recursive: true, force: true });
      throw error;
    });
    await writeFile(store.file('store.json'), `${JSON.stringify({ id: head.store, claimed: true })}\n`, {
      mode: 0o600,
    });
  } finally {
    await client.end();
    await rm(staging, { recursive: true, force: true });
  }
  const updated = await createDataSource(url).initialize();
  try {
    await updated.runMigrations();
  } finally {
    await updated.destroy();
  }
  return head;
}

function demandKnown({ migrations }: BackupHead): void {
  const unknown = newerMigrations(migrations);
  if (unknown.length > 0)
    throw new BackupError(
      `The backup was made by a newer program: it has the migration ${unknown.join(', ')}, which this one does not know. Update this program first.`,
    );
}

async function demandEmpty(dataSource: DataSource, store: DataStore): Promise<void> {
  for (const table of ['dataset', 'model', 'training_run']) {
    const [{ n }] = await dataSource.query<[{ n: number }]>(`SELECT count(*)::int AS n FROM ${quoted(table)}`);
    if (n > 0)
      throw new BackupError(
        `The database is not empty: ${n} rows in "${table}". A backup goes into an empty one: give another DATA_DIR or DATABASE_URL.`,
      );
  }
  const [{ workers }] = await dataSource.query<[{ workers: number }]>(
    `SELECT count(*)::int AS workers FROM worker WHERE stopped_at IS NULL AND last_seen > now() - interval '10 seconds'`,
  );
  if (workers > 0) throw new BackupError(`A platform works on this database (${workers} workers). Stop it first.`);
  for (const folder of keptFolders) {
    if ((await readdir(store.file(folder)).catch(() => [])).length > 0)
      throw new BackupError(
        `DATA_DIR: "${store.file(folder)}" is not empty. A backup goes into an empty data directory.`,
      );
  }
}

/** The tables as they were when the backup was made. */
async function layOut(client: pg.Client, url: string, { migrations }: BackupHead): Promise<void> {
  if (migrations.length === known.length) return;
  await client.query('DROP SCHEMA public CASCADE');
  await client.query('CREATE SCHEMA public');
  const older = await createDataSource(url, '', migrations).initialize();
  try {
    await older.runMigrations();
  } finally {
    await older.destroy();
  }
}

/** Rows come in any order: foreign keys are taken away and set again, which checks every row. */
async function fill(client: pg.Client, file: string, head: BackupHead, staging: string): Promise<void> {
  const columns = new Map(head.tables.map((table) => [table.name, table.columns]));
  const tables = head.tables.map(({ name }) => `public.${quoted(name)}`);
  const keys = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
  );
  for (const { table, name } of keys.rows) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
  for (const table of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await client.query(`TRUNCATE ${tables.join(', ')}`);
  await eachEntry(file, async (entry) => {
    const { name } = entry.header;
    if (name.startsWith(tablesPrefix)) {
      const table = name.slice(tablesPrefix.length);
      const list = columns.get(table)!.map(quoted).join(', ');
      await pipeline(entry, client.query(copyFrom(`COPY public.${quoted(table)} (${list}) FROM STDIN`)));
    } else if (name.startsWith(filesPrefix)) {
      const target = path.join(staging, name.slice(filesPrefix.length));
      await mkdir(path.dirname(target), { recursive: true, mode: privateDirectory });
      await streamIntoFile([entry], target, { mode: 0o600 });
    } else entry.resume();
  });
  for (const { name, value, called } of head.sequences)
    await client.query('SELECT setval($1::regclass, $2, $3)', [`public.${quoted(name)}`, value, called]);
  for (const table of tables) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  for (const { table, name, definition } of keys.rows)
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition}`);
}

/** @returns the folders that are there now. */
async function placeFiles(store: DataStore, staging: string): Promise<string[]> {
  const folders = await readdir(staging);
  for (const folder of folders) {
    // One that is there is empty, as was asked before.
    await rm(store.file(folder), { recursive: true, force: true });
    await rename(path.join(staging, folder), store.file(folder));
  }
  return folders;
}
