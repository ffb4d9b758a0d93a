import { cp, mkdtemp, readdir, realpath, rename, rm, symlink } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../server/src/datasets/dataset.entity.js';
import { imageRoute } from '../../../server/src/datasets/images/image-route.js';
import { ImageStorage, sweepContent } from '../../../server/src/datasets/images/image-storage.js';
import type { ImportItem, ImportSource } from '../../../server/src/datasets/importers/importer.js';
import { drawFacesDataset } from '../../../server/src/datasets/imports/draw-faces-dataset.js';
import { createServices, type PlatformServices } from '../../../server/src/platform/services.js';
import { takeInStore } from '../../../server/src/platform/take-in-store.js';
import { Split } from '../../../server/src/split.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { type ImageTree, imageTree } from '../datasets/image-tree.js';

let database: TestDatabase;
let root: string;
let tree: ImageTree;
beforeEach(async () => {
  database = await testDatabase();
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'moved-data-directory-')));
  const square = { width: 4, height: 4 };
  tree = await imageTree({ 'a.png': square, 'b.png': square, 'c.png': square, 'new.png': square });
});
afterEach(async () => {
  await Promise.all([database.drop(), rm(root, { recursive: true }), tree.remove()]);
});

/** The platform as it starts on that data directory. */
async function startedOn(name: string): Promise<PlatformServices> {
  const services = createServices(database.dataSource, null as never, path.join(root, name));
  await takeInStore(database.dataSource, services, (line) => expect.unreachable(line));
  return services;
}

const faces = {
  counts: { [Split.TRAIN]: 3, [Split.VALIDATION]: 1, [Split.TEST]: 1 },
  imageSize: 16,
  seed: 5,
  name: 'drawn',
};
const take = (key: string, givenLabelIndex = 0): ImportItem => ({
  record: { key, split: Split.TRAIN, imagePath: key, rawLabel: null, givenLabelIndex },
  origin: { file: key, line: null },
});
const sourceOf = (...items: ImportItem[]): ImportSource => ({
  description: {
    format: 'test',
    source: 'an upload',
    imageRoot: tree.root,
    classes: ['fear', 'joy'],
    choices: {},
    expectedItems: null,
  },
  async *items() {
    yield* items;
  },
});
const copied = { images: ImageStorage.COPIED };

async function fill({ imports }: PlatformServices): Promise<Dataset[]> {
  const uploaded = await imports.import(sourceOf(take('a.png'), take('b.png'), take('c.png')), {
    name: 'up',
    ...copied,
  });
  const drawn = await drawFacesDataset(imports, { ...faces, directory: path.join(root, 'data', 'datasets', 'drawn') });
  return [uploaded, drawn];
}

async function imagesIn(name: string): Promise<string[]> {
  return (await readdir(path.join(root, name, 'images'), { recursive: true })).filter((file) => file.includes('.'));
}

/** Statuses of every sample's image. */
async function answers({ samples, store }: PlatformServices, datasets: readonly Dataset[]): Promise<number[]> {
  const app = express().use(imageRoute(samples, store));
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const { port } = server.address() as AddressInfo;
  const found: number[] = [];
  for (const dataset of datasets) {
    for (const { id } of await samples.ofSplits(dataset, [Split.TRAIN])) {
      found.push((await fetch(`http://127.0.0.1:${port}/images/${id}`)).status);
    }
  }
  server.close();
  return found;
}

const allThere = [200, 200, 200, 200, 200, 200];
const changes: Record<string, (from: string, to: string) => Promise<unknown>> = {
  copied: (from, to) => cp(from, to, { recursive: true }),
  moved: rename,
  'reached through a link': symlink,
};

describe.each(Object.keys(changes))('a data directory that was %s', (change) => {
  it('keeps every image when an import fails', async () => {
    const datasets = await fill(await startedOn('data'));
    await changes[change]!(path.join(root, 'data'), path.join(root, 'other'));
    const services = await startedOn('other');
    const failing = services.imports.import(sourceOf(take('new.png'), take('a.png', 9)), { name: 'fails', ...copied });
    await expect(failing).rejects.toThrow('does not fit');
    expect(await imagesIn('other')).toHaveLength(3);
    expect(await answers(services, datasets)).toEqual(allThere);
  });

  it('keeps every image that a data set has when it is swept', async () => {
    const datasets = await fill(await startedOn('data'));
    await changes[change]!(path.join(root, 'data'), path.join(root, 'other'));
    const services = await startedOn('other');
    expect(await sweepContent(database.dataSource, services.content, new Date(Date.now() + 60_000))).toEqual({
      things: 0,
      bytes: 0,
    });
    expect(await answers(services, datasets)).toEqual(allThere);
  });

  it('has the same data set when it is drawn or uploaded again', async () => {
    const [uploaded, drawn] = await fill(await startedOn('data'));
    await changes[change]!(path.join(root, 'data'), path.join(root, 'other'));
    const { imports } = await startedOn('other');
    const directory = path.join(root, 'other', 'datasets', 'drawn');
    const source = sourceOf(take('a.png'), take('b.png'), take('c.png'));
    expect((await drawFacesDataset(imports, { ...faces, directory })).id).toBe(drawn!.id);
    expect((await imports.import(source, { name: 'up', ...copied })).id).toBe(uploaded!.id);
  });

  it('of a version that kept absolute paths is found, and drawn again it is the same', async () => {
    const datasets = await fill(await startedOn('data'));
    await rowsOfBefore('data');
    await changes[change]!(path.join(root, 'data'), path.join(root, 'other'));
    const services = await startedOn('other');
    expect(await answers(services, datasets)).toEqual(allThere);
    const directory = path.join(root, 'other', 'datasets', 'drawn');
    expect((await drawFacesDataset(services.imports, { ...faces, directory })).id).toBe(datasets[1]!.id);
  });
});

/** As versions before ids wrote them: places, and the fingerprint of what was drawn in place. */
async function rowsOfBefore(name: string): Promise<void> {
  await database.dataSource.query(`UPDATE dataset SET image_store = NULL, image_root = $1 || '/' || image_root`, [
    path.join(root, name),
  ]);
  const other = createServices(database.dataSource, null as never, path.join(root, 'no-store'));
  const directory = path.join(root, name, 'datasets', 'drawn');
  const drawn = await drawFacesDataset(other.imports, { ...faces, name: 'as before', directory });
  await database.dataSource.query(
    `UPDATE dataset SET import_report = (SELECT import_report FROM dataset WHERE "row" = $1) WHERE name = 'drawn'`,
    [drawn.row],
  );
  await database.dataSource.query('DELETE FROM dataset WHERE "row" = $1', [drawn.row]);
}

it('a link put in the place of an image is refused by whoever reads it', async () => {
  const services = await startedOn('data');
  const [uploaded] = await fill(services);
  const [sample] = await services.samples.ofSplits(uploaded!, [Split.TRAIN]);
  const file = path.join(root, 'data', 'images', sample!.imagePath);
  await rm(file);
  await symlink(path.join(tree.root, 'new.png'), file);
  const prediction = services.predictions.predict({ sample: sample!.id, model: 'model_1' });
  await expect(prediction).rejects.toThrow(`The image file of "${sample!.id}" does not exist.`);
  expect(await answers(services, [uploaded!])).toEqual([404, 200, 200]);
});

it('images of another data directory are told as such', async () => {
  const [uploaded] = await fill(await startedOn('data'));
  const services = await startedOn('elsewhere');
  const [sample] = await services.samples.ofSplits(uploaded!, [Split.TRAIN]);
  const prediction = services.predictions.predict({ sample: sample!.id, model: 'model_1' });
  await expect(prediction).rejects.toMatchObject({ code: 'OTHER_STORE' });
  await services.imports.import(sourceOf(take('new.png')), { name: 'there', ...copied });
  expect(await imagesIn('data')).toHaveLength(3);
});
