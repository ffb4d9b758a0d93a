import { readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import path from 'node:path';
import express from 'express';
import sharp, { type Metadata } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../server/src/datasets/dataset.entity.js';
import { imageRoute } from '../../../../server/src/datasets/images/image-route.js';
import { imageUrl } from '../../../../server/src/datasets/images/image-url.js';
import { ImportService } from '../../../../server/src/datasets/imports/import.service.js';
import type { ImportItem } from '../../../../server/src/datasets/importers/importer.js';
import type { Sample } from '../../../../server/src/datasets/sample.entity.js';
import { SampleService } from '../../../../server/src/datasets/sample.service.js';
import { Split } from '../../../../server/src/split.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { type ImageTree, imageTree } from '../image-tree.js';

let database: TestDatabase;
let tree: ImageTree;
let outside: ImageTree;
let dataset: Dataset;
let server: Server;
let samples: Map<string, Sample>;

beforeAll(async () => {
  database = await testDatabase();
  tree = await imageTree({
    'wide.png': { width: 40, height: 20 },
    'photo.jpg': { width: 10, height: 10 },
    'later-broken.png': { width: 4, height: 4 },
    'later-link.png': { width: 4, height: 4 },
    'later-inside.png': { width: 4, height: 4 },
    'dots.png': { width: 4, height: 4 },
    'changing.png': { width: 4, height: 4 },
  });
  outside = await imageTree({ 'secret.png': { width: 3, height: 3 } });
  const names = [
    'wide.png',
    'photo.jpg',
    'later-broken.png',
    'later-link.png',
    'later-inside.png',
    'dots.png',
    'changing.png',
  ];
  const items = names.map((key): ImportItem => ({
    record: { key, split: Split.TRAIN, imagePath: key, rawLabel: null, givenLabelIndex: 0 },
    origin: { file: key, line: null },
  }));
  dataset = await new ImportService(database.dataSource).import(
    {
      description: {
        format: 'test',
        source: 'here',
        imageRoot: tree.root,
        classes: ['a', 'b'],
        choices: {},
        expectedItems: null,
      },
      async *items() {
        yield* items;
      },
    },
    { name: 'pictures' },
  );
  const service = new SampleService(database.dataSource);
  samples = new Map((await service.ofSplits(dataset, [Split.TRAIN])).map((sample) => [sample.key, sample]));
  const app = express().use(imageRoute(service, null));
  app.use(((_error, _request, response, _next) =>
    response.status(500).send('unexpected')) as express.ErrorRequestHandler);
  server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
});
afterAll(async () => {
  server?.close();
  await Promise.all([tree?.remove(), outside?.remove(), database?.drop()]);
});

const get = (what: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/images/${what}`, { headers });
const idOf = (key: string): string => samples.get(key)!.id;
const pictureOf = async (response: Response): Promise<Metadata> =>
  sharp(Buffer.from(await response.arrayBuffer())).metadata();

describe('an image', () => {
  it('is the stored file, byte for byte, with its own type', async () => {
    const response = await get(idOf('photo.jpg'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await response.arrayBuffer()).equals(await readFile(path.join(tree.root, 'photo.jpg')))).toBe(
      true,
    );
  });

  it.each([1, 96, 512])('is a square PNG of %s pixels when asked for that size', async (size) => {
    const response = await get(`${idOf('wide.png')}?size=${size}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(await pictureOf(response)).toMatchObject({ format: 'png', width: size, height: size });
  });

  it('may be kept by browsers for good under the URL with the hash of its content, and is asked for again under any other', async () => {
    const sample = samples.get('wide.png')!;
    const cacheOf = async (what: string): Promise<string | null> => (await get(what)).headers.get('cache-control');
    expect(await cacheOf(imageUrl(sample, 20).replace('/images/', ''))).toBe('public, max-age=31536000, immutable');
    expect(await cacheOf(imageUrl(sample, null).replace('/images/', ''))).toBe('public, max-age=31536000, immutable');
    expect(await cacheOf(sample.id)).toBe('no-cache');
    expect(await cacheOf(`${sample.id}?v=0123456789abcdef`)).toBe('no-cache');
  });

  it('that has changed on the disk is not kept under the hash of the old one', async () => {
    const sample = samples.get('changing.png')!;
    await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } }).toFile(
      path.join(tree.root, 'changing.png'),
    );
    const response = await get(imageUrl(sample, 4).replace('/images/', ''));
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  });

  it('is not sent again to who has it', async () => {
    const first = await get(`${idOf('wide.png')}?size=20`);
    const etag = first.headers.get('etag')!;
    const second = await get(`${idOf('wide.png')}?size=20`, { 'If-None-Match': etag });
    expect([second.status, (await second.arrayBuffer()).byteLength, second.headers.get('etag')]).toEqual([
      304,
      0,
      etag,
    ]);
    expect((await get(`${idOf('wide.png')}?size=21`, { 'If-None-Match': etag })).status).toBe(200);
    await utimes(path.join(tree.root, 'wide.png'), new Date(), new Date(Date.now() + 5000));
    expect((await get(`${idOf('wide.png')}?size=20`, { 'If-None-Match': etag })).status).toBe(200);
  });
});

describe('an image is refused', () => {
  const refused = async (what: string, status: number, code: string): Promise<string> => {
    const response = await get(what);
    const body = (await response.json()) as { error: { code: string; message: string } };
    expect([response.status, body.error.code, response.headers.get('cache-control')]).toEqual([
      status,
      code,
      'no-store',
    ]);
    expect(body.error.message).not.toContain(tree.root);
    return body.error.message;
  };

  it.each(['0', '513', '-1', '1.5', 'big', '', '12&size=13'])('with size=%s', async (size) => {
    expect(await refused(`${idOf('wide.png')}?size=${size}`, 400, 'INVALID_INPUT')).toContain(
      'size: expected an integer from 1 to 512',
    );
  });

  it.each(['sample_0', 'dataset_1', '12', '..%2f..%2fetc%2fpasswd', 'sample_99999999999'])(
    'for %s, no id of a sample',
    async (id) => {
      await refused(id, 400, 'INVALID_INPUT');
    },
  );

  it('for a sample that does not exist', async () => {
    expect(await refused('sample_2147483647', 404, 'NOT_FOUND')).toBe('Sample "sample_2147483647" does not exist.');
  });

  it('when its file is gone', async () => {
    await database.dataSource.query(`UPDATE sample SET image_path = 'gone.png' WHERE key = 'dots.png'`);
    await refused(idOf('dots.png'), 404, 'NOT_FOUND');
  });

  it.each(['', '?size=16'])('when its file is broken, with%s as its query', async (query) => {
    await writeFile(path.join(tree.root, 'later-broken.png'), 'not an image any more');
    expect(await refused(idOf('later-broken.png') + query, 422, 'UNREADABLE_IMAGE')).toMatch(
      /later-broken\.png\) cannot be read/,
    );
  });

  it.each(['..', 'outside'])('when its path leaves the directory by %s', async (way) => {
    const escaped = way === '..' ? path.relative(tree.root, path.join(outside.root, 'secret.png')) : 'link/secret.png';
    if (way === 'outside') await symlink(outside.root, path.join(tree.root, 'link'));
    await database.dataSource.query(`UPDATE sample SET image_path = $1 WHERE key = 'later-link.png'`, [escaped]);
    await refused(idOf('later-link.png'), 404, 'NOT_FOUND');
  });

  it('but not when a link stays inside the directory', async () => {
    await symlink('wide.png', path.join(tree.root, 'linked.png'));
    await database.dataSource.query(`UPDATE sample SET image_path = 'linked.png' WHERE key = 'later-inside.png'`);
    expect((await get(idOf('later-inside.png'))).status).toBe(200);
  });
});
