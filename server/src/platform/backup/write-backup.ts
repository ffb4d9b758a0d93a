import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { pack, type Pack } from 'tar-stream';
import { type DataStore, privateDirectory } from '../../storage/data-store.js';
import { streamIntoFile, syncToDisk } from '../../storage/file-bytes.js';
import {
  BackupError,
  backupFormat,
  type BackupHead,
  filesPrefix,
  headName,
  keptFolders,
  quoted,
  type Sum,
  Summing,
  sumsName,
  tablesPrefix,
} from './backup-layout.js';

export interface BackupReport {
  tables: number;
  files: number;
  /** Of the backup. */
  bytes: number;
}

/** So often a checkpoint may be replaced between the snapshot of the database and the hold on its files. */
const attempts = 5;

/**
 * Writes database and files, as they are at one moment, while trainings go on: the database from one snapshot, the
 * checkpoints that it names held by links. The file is there whole or not at all.
 *
 * @param progress files and tables done, and how many there are.
 * @throws BackupError where a file that the database names cannot be read.
 */
export async function writeBackup(
  url: string,
  store: DataStore,
  target: string,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<BackupReport> {
  const staging = store.folder(`backup-${process.pid}-${Date.now()}`);
  const partial = `${target}.partial`;
  try {
    const { client, held } = await takeSnapshot(url, store, staging);
    try {
      const report = await writeArchive(client, store, { staging, held, partial }, progress);
      await rename(partial, target);
      await syncToDisk(path.dirname(target));
      return { ...report, bytes: (await stat(target)).size };
    } finally {
      await client.end();
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(partial, { force: true });
  }
}

/** A connection within a snapshot, and the files of models that it names, linked below `staging`. */
async function takeSnapshot(
  url: string,
  store: DataStore,
  staging: string,
): Promise<{ client: pg.Client; held: Map<string, string> }> {
  for (let attempt = 1; ; attempt++) {
    const client = new pg.Client({ connectionString: url, application_name: 'ada-df-backup' });
    await client.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return { client, held: await holdFiles(client, store, staging) };
    } catch (error) {
      await client.end();
      if (!(error instanceof BackupError) || attempt === attempts) throw error;
    }
  }
}

async function holdFiles(client: pg.Client, store: DataStore, staging: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ path: string }>((await namedFiles(client)).join(' UNION '), [store.id]);
  const held = new Map<string, string>();
  for (const { path: relative } of rows) {
    const copy = path.join(staging, relative);
    await mkdir(path.dirname(copy), { recursive: true, mode: privateDirectory });
    await rm(copy, { force: true });
    await link(store.file(relative), copy)
      .catch(() => copyFile(store.file(relative), copy))
      .catch((error: unknown) => {
        throw new BackupError(`${relative}: the database names it, and it cannot be read (${String(error)}).`);
      });
    held.set(relative, copy);
  }
  return held;
}

/** Statements that name the files of weights in data directory `$1`; one a table that is there. */
async function namedFiles(client: pg.Client): Promise<string[]> {
  const naming = {
    checkpoint: 'SELECT path FROM checkpoint WHERE store IS NULL OR store = $1',
    training_run: 'SELECT initial_path FROM training_run WHERE initial_path IS NOT NULL',
    recorded_weights: 'SELECT path FROM recorded_weights WHERE store = $1',
  };
  const { rows } = await client.query<{ name: keyof typeof naming }>(
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relname = ANY ($1) ORDER BY relname`,
    [Object.keys(naming)],
  );
  return rows.map(({ name }) => naming[name]);
}

async function writeArchive(
  client: pg.Client,
  store: DataStore,
  { staging, held, partial }: { staging: string; held: Map<string, string>; partial: string },
  progress: (done: number, total: number) => void,
): Promise<Pick<BackupReport, 'tables' | 'files'>> {
  const head = await readHead(client, store);
  const files = await listFiles(store, held);
  const archive = pack();
  const written = streamIntoFile([archive as unknown as Readable], partial, { mode: 0o600 });
  const sums: Record<string, Sum> = {};
  const total = files.length + head.tables.length;
  try {
    const text = JSON.stringify(head);
    archive.entry({ name: headName }, text);
    let done = 0;
    for (const { relative, file } of files) {
      sums[filesPrefix + relative] = await addFile(archive, filesPrefix + relative, file);
      progress(++done, total);
    }
    const spool = path.join(staging, 'table');
    for (const { name, columns } of head.tables) {
      const rows = `COPY (SELECT ${columns.map(quoted).join(', ')} FROM public.${quoted(name)}) TO STDOUT`;
      await streamIntoFile([client.query(copyTo(rows))], spool);
      sums[tablesPrefix + name] = await addFile(archive, tablesPrefix + name, spool);
      progress(++done, total);
    }
    archive.entry({ name: sumsName }, JSON.stringify(sums));
    archive.finalize();
    await written;
    await syncToDisk(partial);
  } catch (error) {
    archive.destroy();
    await written.catch(() => undefined);
    throw error;
  }
  return { tables: head.tables.length, files: files.length };
}

async function readHead(client: pg.Client, store: DataStore): Promise<BackupHead> {
  const migrations = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
  const tables = await client.query<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migrations'
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      GROUP BY c.relname ORDER BY c.relname`,
  );
  const sequences = await client.query<{ name: string; value: string; called: boolean }>(
    `SELECT sequencename AS name, coalesce(last_value, start_value)::text AS value, last_value IS NOT NULL AS called
       FROM pg_sequences WHERE schemaname = 'public' AND sequencename <> 'migrations_id_seq'`,
  );
  return {
    format: backupFormat,
    createdAt: new Date().toISOString(),
    store: store.id,
    migrations: migrations.rows.map(({ name }) => name),
    tables: tables.rows,
    sequences: sequences.rows,
  };
}

/** Files below the kept folders; those that are held by their links, and no half-written ones. */
async function listFiles(
  store: DataStore,
  held: ReadonlyMap<string, string>,
): Promise<{ relative: string; file: string }[]> {
  const found = new Map([...held].map(([relative, file]) => [relative, file]));
  for (const folder of keptFolders) {
    const entries = await readdir(store.file(folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile() || entry.name.endsWith('.partial')) continue;
      const file = path.join(entry.parentPath, entry.name);
      const relative = path.relative(store.directory, file).split(path.sep).join('/');
      // Weights that the snapshot does not name are of later epochs.
      if (!found.has(relative) && folder !== 'models' && folder !== 'recorded') found.set(relative, file);
    }
  }
  return [...found].map(([relative, file]) => ({ relative, file })).sort((a, b) => (a.relative < b.relative ? -1 : 1));
}

async function addFile(archive: Pack, name: string, file: string): Promise<Sum> {
  const handle = await open(file).catch((error: unknown) => {
    throw new BackupError(`${name}: it went away while the backup was made (${String(error)}). Run the backup again.`);
  });
  try {
    const { size } = await handle.stat();
    const summing = new Summing();
    const entry = archive.entry({ name, size, mode: 0o600 });
    await pipeline(createReadStream(file, { fd: handle.fd, autoClose: false }), summing, entry);
    return summing.sum();
  } finally {
    await handle.close();
  }
}
