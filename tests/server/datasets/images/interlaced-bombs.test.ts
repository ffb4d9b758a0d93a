import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageRoute } from '../../../../server/src/datasets/images/image-route.js';
import { SampleService } from '../../../../server/src/datasets/sample.service.js';
import { ReadingProcesses } from '../../../../server/src/untrusted/reading-processes.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { seedDataset } from '../../../support/seed-run.js';

const readerFile = path.resolve('dist/server/src/reader.js');
let database: TestDatabase;
let directory: string;
let reader: ReadingProcesses;
let server: Server;
/** Ids of samples by what their image is. */
const ids: Record<'bomb' | 'larger' | 'small', string> = { bomb: '', larger: '', small: '' };

/** Small files that take a byte for every channel of every pixel when they are decoded, several times over. */
async function draw(name: string, side: number, progressive: boolean): Promise<void> {
  await sharp({ create: { width: side, height: side, channels: 3, background: '#456' } })
    .png({ progressive, compressionLevel: 9 })
    .toFile(path.join(directory, name));
}

beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'bombs-'));
  const { dataset, samples } = await seedDataset(database.dataSource, { name: 'bombs' });
  await draw('bomb', 5500, true);
  await draw('larger', 7200, true);
  await draw('small', 20, false);
  await database.dataSource.query('UPDATE dataset SET image_root = $1 WHERE "row" = $2', [directory, dataset.row]);
  for (const [place, name] of (['bomb', 'larger', 'small'] as const).entries()) {
    await database.dataSource.query('UPDATE sample SET image_path = $1 WHERE "row" = $2', [name, samples[place]!.row]);
    ids[name] = samples[place]!.id;
  }
  reader = new ReadingProcesses({ file: readerFile, most: 3, heapMegabytes: 1024, log: () => undefined });
  const app = express().use(imageRoute(new SampleService(database.dataSource), null, reader));
  server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
}, 120_000);
afterAll(async () => {
  server?.close();
  await reader?.close();
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

const get = (what: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/images/${what}`);

describe.skipIf(!existsSync(readerFile))('interlaced pictures of many pixels', () => {
  test('asked for six times at once are read outside this process, which answers others and does not grow', async () => {
    const before = process.memoryUsage.rss();
    const six = Promise.all(Array.from({ length: 6 }, () => get(`${ids.bomb}?size=64`)));
    let turns = 0;
    const turning = setInterval(() => turns++, 20);
    const small = await get(`${ids.small}?size=32`);
    expect(small.status).toBe(200);
    const answers = await six;
    clearInterval(turning);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(turns).toBeGreaterThan(5);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300e6);
  }, 120_000);

  test('beyond 50 megapixels are refused before they are decoded', async () => {
    const response = await get(`${ids.larger}?size=64`);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      error: { code: 'UNREADABLE_IMAGE', message: expect.stringContaining('at most 50 megapixels are read') },
    });
  }, 60_000);
});
