import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ImageContent } from '../../../../server/src/datasets/images/image-content.js';
import { ImageStorage } from '../../../../server/src/datasets/images/image-storage.js';
import { ImportService } from '../../../../server/src/datasets/imports/import.service.js';
import type { ImportItem, ImportRecord, ImportSource } from '../../../../server/src/datasets/importers/importer.js';
import { greyPicture } from '../../../../server/src/datasets/images/made-images.js';
import { SampleService } from '../../../../server/src/datasets/sample.service.js';
import { Split } from '../../../../server/src/split.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { type ImageTree, imageTree, small } from '../image-tree.js';
import { DataStore } from '../../../../server/src/storage/data-store.js';

let database: TestDatabase;
let tree: ImageTree;
let store: string;
let imports: ImportService;

beforeAll(async () => {
  database = await testDatabase();
  tree = await imageTree({ 'a.png': small, 'b.jpg': { width: 5, height: 9 }, 'broken.png': 'no image' });
  await writeFile(path.join(tree.root, 'same-as-a.png'), await readFile(path.join(tree.root, 'a.png')));
});
beforeEach(async () => {
  store = path.join(await mkdtemp(path.join(tmpdir(), 'image-storage-')), 'images');
  imports = new ImportService(database.dataSource, new ImageContent(DataStore.open(path.dirname(store))));
});
afterAll(async () => {
  await tree?.remove();
  await database?.drop();
});

const take = (key: string, record: Partial<ImportRecord> = {}): ImportItem => ({
  record: { key, split: Split.TRAIN, imagePath: key, rawLabel: null, givenLabelIndex: 0, ...record },
  origin: { file: key, line: null },
});
const sourceOf = (items: ImportItem[], makesImages = false): ImportSource => ({
  description: {
    format: 'test',
    source: 'here',
    imageRoot: tree.root,
    classes: ['fear', 'joy'],
    choices: {},
    expectedItems: null,
    makesImages,
  },
  async *items() {
    yield* items;
  },
});
const stored = async (): Promise<string[]> =>
  (await readdir(store, { recursive: true }).catch(() => [])).filter((name) => name.includes('.')).sort();
const samplesOf = async (dataset: Awaited<ReturnType<ImportService['import']>>) =>
  new SampleService(database.dataSource).ofSplits(dataset, [Split.TRAIN]);

describe('images that stay where they are', () => {
  it('are known by the hash of their bytes; nothing is copied', async () => {
    const dataset = await imports.import(sourceOf([take('a.png'), take('same-as-a.png'), take('b.jpg')]), {
      name: 'in place',
    });
    const samples = await samplesOf(dataset);
    expect(dataset.imageRoot).toBe(tree.root);
    expect(samples[0]!.contentHash).toMatch(/^[0-9a-f]{64}$/);
    expect(samples[1]!.contentHash).toBe(samples[0]!.contentHash);
    expect(samples[2]!.contentHash).not.toBe(samples[0]!.contentHash);
    expect(await stored()).toEqual([]);
  });

  it('of which one ends too early are imported without that one', async () => {
    const pixels = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, place) => (place * 7919) % 251));
    const file = path.join(tree.root, 'cut.png');
    await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toFile(file);
    await truncate(file, 400);
    const { importReport } = await imports.import(sourceOf([take('a.png'), take('cut.png'), take('b.jpg')]), {
      name: 'one broken',
    });
    expect(importReport).toMatchObject({ imported: 2, skipped: 1, skippedRows: [{ key: 'cut.png' }] });
  });
});

describe('images that are copied', () => {
  const copied = { images: ImageStorage.COPIED };

  it('lie under the data directory by their hash, equal ones once, byte for byte', async () => {
    const dataset = await imports.import(sourceOf([take('a.png'), take('same-as-a.png'), take('b.jpg')]), {
      name: 'copied',
      ...copied,
    });
    const samples = await samplesOf(dataset);
    expect(dataset).toMatchObject({
      imageRoot: 'images',
      imageStore: DataStore.open(path.dirname(store)).id,
      importReport: { choices: { images: 'copied' } },
    });
    expect(samples.map(({ imagePath }) => imagePath)).toEqual(
      samples.map(
        ({ contentHash }, place) => `${contentHash!.slice(0, 2)}/${contentHash}.${place < 2 ? 'png' : 'jpeg'}`,
      ),
    );
    expect(await stored()).toHaveLength(2);
    expect(await readFile(path.join(store, samples[2]!.imagePath))).toEqual(
      await readFile(path.join(tree.root, 'b.jpg')),
    );
  });

  it('are not copied again by the same import', async () => {
    const first = await imports.import(sourceOf([take('a.png')]), { name: 'copied twice', ...copied });
    await rm(store, { recursive: true });
    const second = await imports.import(sourceOf([take('a.png')]), { name: 'copied twice', ...copied });
    expect(second.id).toBe(first.id);
    expect(await stored()).toEqual([]);
    await expect(imports.import(sourceOf([take('a.png')]), { name: 'copied twice' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('do not stay when the import fails, but for those that another data set has', async () => {
    await imports.import(sourceOf([take('a.png')]), { name: 'keeps a', ...copied });
    const before = await stored();
    await expect(
      imports.import(sourceOf([take('b.jpg'), take('a.png', { givenLabelIndex: 9 })]), {
        name: 'no such class',
        ...copied,
      }),
    ).rejects.toThrow('does not fit');
    expect(await stored()).toEqual(before);
    await expect(
      imports.import(sourceOf([take('b.jpg')]), {
        name: 'stopped',
        ...copied,
        signal: AbortSignal.abort(new Error('stopped')),
      }),
    ).rejects.toThrow('stopped');
    expect(await stored()).toEqual(before);
  });

  it('need a data directory', async () => {
    await expect(
      new ImportService(database.dataSource).import(sourceOf([take('a.png')]), { name: 'nowhere', ...copied }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { path: 'images' } });
  });
});

describe('images that an importer makes', () => {
  it('are copied whatever was chosen; one that cannot be made is left out', async () => {
    const image = (grey: number) => () => greyPicture(new Uint8Array(48 * 48).fill(grey), 48, 48);
    const failing = () => greyPicture(new Uint8Array(5), 48, 48);
    const dataset = await imports.import(
      sourceOf(
        [take('row 1', { image: image(7) }), take('row 2', { image: failing }), take('row 3', { image: image(200) })],
        true,
      ),
      { name: 'made' },
    );
    const samples = await samplesOf(dataset);
    expect(samples.map(({ key, width, height }) => [key, width, height])).toEqual([
      ['row 1', 48, 48],
      ['row 3', 48, 48],
    ]);
    expect(dataset.importReport).toMatchObject({ skipped: 1, choices: { images: 'copied' } });
    const pixels = await sharp(path.join(store, samples[1]!.imagePath)).raw().toBuffer();
    expect(pixels[0]).toBe(200);
  });
});

describe('action units', () => {
  it('are kept with the sample', async () => {
    const dataset = await imports.import(
      sourceOf([take('a.png', { actionUnits: { 12: 0.75, 25: 0 } }), take('b.jpg')]),
      { name: 'units' },
    );
    const samples = await samplesOf(dataset);
    expect(samples.map(({ actionUnitActivations }) => actionUnitActivations)).toEqual([{ 12: 0.75, 25: 0 }, null]);
  });
});
