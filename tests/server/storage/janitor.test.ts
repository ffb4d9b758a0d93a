import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImportState } from '../../../server/src/datasets/import-jobs/import-job.entity.js';
import { createServices, type PlatformServices } from '../../../server/src/platform/services.js';
import type { TrainingQueue } from '../../../server/src/runs/queue/training-queue.js';
import { announce } from '../../../server/src/runs/events/training-events.js';
import { addRunLog } from '../../../server/src/runs/run-log.js';
import { RunState } from '../../../server/src/runs/training-run.entity.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { seedDataset, seedRun } from '../../support/seed-run.js';

const hour = 3_600_000;
const day = 24 * hour;
let database: TestDatabase;
let directory: string;
let services: PlatformServices;

beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'janitor-'));
  services = createServices(database.dataSource, {} as TrainingQueue, directory, { keeping: { exports: 250 } });
  await services.store.id;
});
afterAll(async () => {
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

/** A file below the data directory that was last written so long ago, with its folder. */
async function stored(file: string, ago: number, content = 'x'.repeat(100)): Promise<string> {
  const whole = path.join(directory, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, content);
  await aged(file, ago);
  return file;
}
async function aged(file: string, ago: number): Promise<void> {
  const time = new Date(Date.now() - ago);
  await utimes(path.join(directory, file), time, time);
  const folder = path.dirname(path.join(directory, file));
  if (folder !== directory) await utimes(folder, time, time);
}
const there = (file: string): boolean => existsSync(path.join(directory, file));
const query = <T = Record<string, never>>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
  database.dataSource.query(sql, parameters);
const pile = async (name: string, dryRun = false): Promise<[number, number]> => {
  const found = (await services.janitor.tidy(dryRun)).find((one) => one.name === name)!;
  expect(found.trouble).toBeNull();
  return [found.goneThings, found.goneBytes];
};
const job = async (upload: string | null, state: ImportState): Promise<number> => {
  const request = { directory: null, upload, format: null, options: {}, images: 'COPIED' };
  const [{ row }] = (await query<{ row: number }>(
    `INSERT INTO import_job (state, request, name, source) VALUES ($1, $2, 'x', 'x') RETURNING row`,
    [state, request],
  )) as [{ row: number }];
  return row;
};

describe('the janitor', () => {
  test('takes uploads whose time is over, but none that an import waits for, nor one that still comes', async () => {
    const id = (letter: string): string => `upload_${letter.repeat(32)}`;
    const old = await stored(`uploads/${id('a')}/faces.zip`, 2 * day);
    const awaited = await stored(`uploads/${id('b')}/faces.zip`, 30 * day);
    const running = await stored(`uploads/begun-${id('c')}-5000/faces.zip`, 2 * day);
    await utimes(path.join(directory, running), new Date(), new Date());
    const strange = await stored('uploads/notes/thesis.txt', 90 * day);
    await job(id('b'), ImportState.QUEUED);
    await job(id('a'), ImportState.FAILED);
    expect(await pile('uploads', true)).toEqual([1, 100]);
    expect(there(old)).toBe(true);
    expect(await pile('uploads')).toEqual([1, 100]);
    expect([old, awaited, running, strange].map(there)).toEqual([false, true, true, true]);
    // Nor does the next upload take it.
    await services.uploads.room(1);
    expect(there(awaited)).toBe(true);
  });

  test('takes what was unpacked for imports that have ended, and no folder of another name', async () => {
    const [ended, running] = [await job(null, ImportState.FAILED), await job(null, ImportState.RUNNING)];
    const files = [
      await stored(`unpacked/import_${ended}/a.png`, 0),
      await stored(`unpacked/import_${running}/a.png`, 0),
      await stored('unpacked/import_99999/a.png', 90 * day),
      await stored('unpacked/mine/a.png', 90 * day),
    ];
    expect(await pile('unpacked archives')).toEqual([1, 100]);
    expect(files.map(there)).toEqual([false, true, true, true]);
  });

  test('throws away images, drawn pictures and models that nobody has: into the trash, and none that is young', async () => {
    const { dataset } = await seedDataset(database.dataSource, { name: 'copied' });
    const name = (letter: string): string => `${letter.repeat(2)}/${letter.repeat(64)}.png`;
    await query(`UPDATE dataset SET image_store = $1, image_root = 'images' WHERE "row" = $2`, [
      services.store.id,
      dataset.row,
    ]);
    await query(`UPDATE sample SET image_path = $1 WHERE dataset_row = $2`, [name('a'), dataset.row]);
    const kept = await stored(`images/${name('a')}`, 9 * day);
    const orphan = await stored(`images/${name('b')}`, 9 * day);
    const young = await stored(`images/${name('c')}`, hour);
    const drawn = await stored('datasets/gone/drawn-faces.json', 9 * day);
    const mine = await stored('datasets/thesis/chapter.txt', 9 * day);
    const half = await stored('datasets/killed.unfinished/train/a.png', 9 * day);
    await aged('datasets/killed.unfinished/train', 9 * day);
    const { run } = await seedRun(database.dataSource, await seedDataset(database.dataSource, { name: 'r' }));
    const model = await stored(`models/${run.modelRow}/best-epoch-0001-take-1.safetensors`, 9 * day);
    const [{ row: given }] = (await query<{ row: number }>(
      `INSERT INTO model_family (name, last_version) VALUES ('gone', 1) RETURNING nextval(pg_get_serial_sequence('model', 'row'))::int AS row`,
    )) as [{ row: number }];
    const lost = await stored(`models/${given}/best-epoch-0001-take-1.safetensors`, 9 * day);
    const unknown = await stored('models/4711/best-epoch-0001-take-1.safetensors', 9 * day);
    await services.janitor.tidy(true);
    expect([orphan, drawn, half, lost].map(there)).toEqual([true, true, true, true]);
    const piles = await services.janitor.tidy(false);
    expect(piles.filter(({ trouble }) => trouble !== null)).toEqual([]);
    expect([orphan, drawn, half, lost].map(there)).toEqual([false, false, false, false]);
    expect([kept, young, mine, model, unknown].map(there)).toEqual([true, true, true, true, true]);
    const thrown = await readdir(path.join(directory, 'trash'), { recursive: true });
    for (const file of [orphan, drawn, half, lost]) expect(thrown.filter((one) => one.endsWith(file))).toHaveLength(1);
  });

  test('refuses to throw all images away, and says so', async () => {
    await query(`UPDATE sample SET image_path = 'elsewhere.png'`);
    const images = (await services.janitor.tidy(false)).find((one) => one.name === 'images')!;
    expect(images).toMatchObject({ goneThings: 0, trouble: expect.stringContaining('none was taken away') });
  });

  test('takes exports of checkpoints that are gone, and the oldest beyond their size', async () => {
    const { run } = await seedRun(database.dataSource, await seedDataset(database.dataSource, { name: 'exported' }));
    const hash = (letter: string): string => letter.repeat(64);
    for (const [kind, letter] of [
      ['BEST', 'a'],
      ['LAST', 'b'],
    ] as const)
      await query(
        `INSERT INTO checkpoint (model_row, kind, epoch, path, sha256, bytes) VALUES ($1, $2, 1, 'x', $3, 1)
         ON CONFLICT (model_row, kind) DO UPDATE SET sha256 = EXCLUDED.sha256`,
        [run.modelRow, kind, hash(letter)],
      );
    const files = [
      await stored(`exports/${hash('a')}-v1.onnx`, 5 * hour),
      await stored(`exports/${hash('a')}-v1.pth.tar`, 4 * hour),
      await stored(`exports/${hash('b')}-v1.onnx`, 3 * hour),
      await stored(`exports/${hash('c')}-v1.onnx`, 2 * hour),
      await stored(`exports/${hash('d')}-v1.onnx`, 0),
      await stored('exports/mine.onnx', 90 * day),
    ];
    expect(await pile('exports')).toEqual([2, 200]);
    expect(files.map(there)).toEqual([false, true, true, false, true, true]);
  });

  test('takes old events, logs and keys: of runs that have ended, and only those', async () => {
    const seeded = await seedDataset(database.dataSource, { name: 'events' });
    const { run: ended } = await seedRun(database.dataSource, seeded, { name: 'ended' });
    const { run: waits } = await seedRun(database.dataSource, seeded, { name: 'waits', epochs: 0 });
    expect(waits.state).toBe(RunState.QUEUED);
    for (const run of [ended, waits]) {
      await announce(database.dataSource, { run: run.row, kind: 'state' });
      await announce(database.dataSource, { run: run.row, kind: 'progress' });
      await addRunLog(database.dataSource, run.row, 'INFO', 'something');
      await query(`UPDATE run_event SET at = now() - interval '400 days' WHERE run_row = $1`, [run.row]);
      await query(`UPDATE run_log SET created_at = now() - interval '400 days' WHERE run_row = $1`, [run.row]);
    }
    await query(
      `INSERT INTO idempotency_key (key, request, held_until, created_at) VALUES ('old', '', now(), now() - interval '2 days'), ('new', '', now(), now())`,
    );
    await services.janitor.tidy(false);
    const left = (table: string): Promise<unknown[]> =>
      query(`SELECT DISTINCT run_row FROM ${table} WHERE run_row = ANY($1)`, [[ended.row, waits.row]]);
    expect(await left('run_event')).toEqual([{ run_row: waits.row }]);
    expect(await left('run_log')).toEqual([{ run_row: waits.row }]);
    expect(await query('SELECT key FROM idempotency_key')).toEqual([{ key: 'new' }]);
  });

  test('empties the trash when its time is over', async () => {
    const old = await stored(`trash/${Date.now() - 8 * day}-orphans-0a1b2c/images/a.png`, 8 * day);
    const young = await stored(`trash/${Date.now() - day}-orphans-0a1b2c/images/a.png`, 8 * day);
    const mine = await stored('trash/mine/a.png', 90 * day);
    expect(await pile('trash', true)).toEqual([1, 100]);
    expect(await pile('trash')).toEqual([1, 100]);
    expect([old, young, mine].map(there)).toEqual([false, true, true]);
  });
});
