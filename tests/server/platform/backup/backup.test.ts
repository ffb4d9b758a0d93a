import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restoreBackup, type RestoreTarget } from '../../../../server/src/platform/backup/restore-backup.js';
import { type BackupReport, writeBackup } from '../../../../server/src/platform/backup/write-backup.js';
import { createDataSource, migrations } from '../../../../server/src/database/data-source.js';
import { Checkpoint } from '../../../../server/src/models/checkpoint.entity.js';
import { DataStore } from '../../../../server/src/storage/data-store.js';
import { emptyDatabase, testDatabase, type TestDatabase } from '../../../support/database.js';
import { TrainingHere } from '../../../support/training-here.js';

let here: TrainingHere;
let folder: string;
let file: string;
let report: BackupReport;
const databases: TestDatabase[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ada-df-backup-'));
  file = path.join(folder, 'all.tar');
  here = await TrainingHere.open();
  await here.train(await here.start({ epochs: 1 }));
  const store = DataStore.open(here['directory']);
  await writeFile(path.join(store.folder('images', 'ab'), 'face.png'), 'a picture');
  report = await writeBackup(here.database.url, store, file);
});
afterAll(async () => {
  for (const database of databases) await database.drop();
  await here.close();
  await rm(folder, { recursive: true });
});

async function target(database?: TestDatabase): Promise<RestoreTarget> {
  const made = database ?? (await testDatabase());
  databases.push(made);
  const dataSource = await createDataSource(made.url).initialize();
  return { dataSource, url: made.url, store: DataStore.open(await mkdtemp(path.join(folder, 'restored-'))) };
}

/** Every row of every table but those of migrations, as text in an order of its own. */
async function rowsOf(dataSource: DataSource): Promise<Record<string, string[]>> {
  const tables = await dataSource.query<{ name: string }[]>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migrations'`,
  );
  const rows: Record<string, string[]> = {};
  for (const { name } of tables) {
    const found = await dataSource.query<{ text: string }[]>(
      `SELECT to_jsonb(t)::text AS text FROM "${name}" t ORDER BY 1`,
    );
    rows[name] = found.map(({ text }) => text);
  }
  return rows;
}

describe('a backup', () => {
  test('restored into an empty database and directory is what was there: every row, every file, every trigger', async () => {
    expect(report.files).toBe(3);
    const place = await target();
    const { store } = await restoreBackup(file, place);
    const restored = await createDataSource(place.url).initialize();
    try {
      expect(await rowsOf(restored)).toEqual(await rowsOf(here.database.dataSource));
      expect(DataStore.open(place.store.directory).id).toBe(store);
      expect(await readFile(place.store.file('images', 'ab', 'face.png'), 'utf8')).toBe('a picture');
      for (const { path: relative, sha256 } of await restored.getRepository(Checkpoint).find()) {
        const bytes = await readFile(place.store.file(relative));
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      }
      // New rows go on from the numbers that are there, and what may not change still may not.
      const numbers = `SELECT sequencename, last_value FROM pg_sequences
        WHERE schemaname = 'public' AND sequencename <> 'migrations_id_seq' ORDER BY 1`;
      expect(await restored.query(numbers)).toEqual(await here.database.dataSource.query(numbers));
      await expect(restored.query('UPDATE label_set_chunk SET labels = labels')).rejects.toThrow();
    } finally {
      await restored.destroy();
    }
  });

  test('that was changed, cut or is something else is refused by what is wrong, and nothing is written', async () => {
    const bytes = await readFile(file);
    const place = await target();
    const changed = Buffer.from(bytes);
    changed[bytes.indexOf('a picture')]! ^= 1;
    const cases: [string, Buffer, RegExp][] = [
      ['changed', changed, /is damaged: expected SHA-256/],
      ['cut', bytes.subarray(0, bytes.length / 2), /breaks off|part of one/],
      ['other', Buffer.from('no tar file'), /expected a backup|no backup/],
    ];
    for (const [name, content, message] of cases) {
      const wrong = path.join(folder, `${name}.tar`);
      await writeFile(wrong, content);
      await expect(restoreBackup(wrong, place), name).rejects.toThrow(message);
    }
    expect((await rowsOf(place.dataSource))['dataset']).toEqual([]);
    await place.dataSource.destroy();
  });

  test('goes only where nothing is', async () => {
    const full = { dataSource: here.database.dataSource, url: here.database.url, store: DataStore.open(folder) };
    await expect(restoreBackup(file, full)).rejects.toThrow(/The database is not empty: 1 rows in "dataset"/);
  });

  test('of an older program is brought up to date; of a newer one it is refused by the name of the migration', async () => {
    const older = await emptyDatabase();
    const names = migrations.map(({ name }) => name).sort((a, b) => a.slice(-13).localeCompare(b.slice(-13)));
    const before = await createDataSource(older.url, '', names.slice(0, -2)).initialize();
    await before.runMigrations();
    await before.query(`INSERT INTO known_store (id) VALUES ('00000000-0000-4000-8000-000000000001')`);
    await before.destroy();
    databases.push(older);
    const old = path.join(folder, 'old.tar');
    const source = DataStore.open(await mkdtemp(path.join(folder, 'old-')));
    await writeBackup(older.url, source, old);
    const place = await target();
    await restoreBackup(old, place);
    const restored = await createDataSource(place.url).initialize();
    expect(await restored.showMigrations()).toBe(false);
    expect((await rowsOf(restored))['known_store']).toHaveLength(1);
    await restored.query(`INSERT INTO migrations (timestamp, name) VALUES (9, 'FromTheFuture9')`);
    await restored.destroy();
    const newer = path.join(folder, 'newer.tar');
    await writeBackup(place.url, source, newer);
    const other = await target();
    await expect(restoreBackup(newer, other)).rejects.toThrow(/made by a newer program.*FromTheFuture9/);
    await other.dataSource.destroy();
  });
});
