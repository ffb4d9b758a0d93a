import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectFormat } from '../../../../server/src/datasets/imports/detect-format.js';
import { drawnClasses } from '../../../../server/src/drawn-faces/action-units.js';
import type { DrawnFace } from '../../../../server/src/drawn-faces/drawn-face.js';
import { facesOf } from '../../../../server/src/drawn-faces/face-set.js';
import { pixelsOf } from '../../../../server/src/drawn-faces/face-pixels.js';
import { type LayoutName, layouts } from '../../../../server/src/drawn-faces/layouts/index.js';
import { writeLayout } from '../../../../server/src/drawn-faces/write-layout.js';
import { imageRootOf } from '../../../../server/src/datasets/images/image-root.js';
import { ImageContent } from '../../../../server/src/datasets/images/image-content.js';
import { ImportService } from '../../../../server/src/datasets/imports/import.service.js';
import { importers } from '../../../../server/src/datasets/importers/index.js';
import type { Sample } from '../../../../server/src/datasets/sample.entity.js';
import { SampleService } from '../../../../server/src/datasets/sample.service.js';
import { SourceDirectory } from '../../../../server/src/datasets/sources/source-directory.js';
import { Split, splits } from '../../../../server/src/split.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { DataStore } from '../../../../server/src/storage/data-store.js';

const set = { counts: { [Split.TRAIN]: 60, [Split.VALIDATION]: 12, [Split.TEST]: 28 }, imageSize: 24, seed: 5 };
const faces = [...facesOf(set)];
const labelOf = (face: DrawnFace): string => drawnClasses[face.givenLabelIndex]!;

let database: TestDatabase;
let root: string;
let imports: ImportService;
beforeAll(async () => {
  database = await testDatabase();
  root = await mkdtemp(path.join(tmpdir(), 'round-trip-'));
  imports = new ImportService(database.dataSource, new ImageContent(DataStore.open(root)));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await database?.drop();
});

/** Writes, finds the format and imports; in the order of import. */
async function roundTrip(name: LayoutName, options: Record<string, string> = {}): Promise<Sample[]> {
  const directory = path.join(root, name);
  await writeLayout({ ...set, layout: layouts[name], directory });
  const source = await SourceDirectory.open(directory);
  const { format } = await detectFormat(source, importers);
  expect(format).toBe(name);
  const dataset = await imports.import(await importers[name].open(source, options), { name });
  expect(dataset.importReport.skippedRows).toEqual([]);
  return new SampleService(database.dataSource).ofSplits(dataset, [...splits]);
}

const counted = (labels: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(labels)].sort().map((label) => [label, labels.filter((one) => one === label).length]));
const shown = (samples: readonly Sample[]): Record<string, number> =>
  counted(samples.map(({ split, givenLabel }) => `${split} ${givenLabel}`));
/** What a layout without validation faces makes of the faces. */
const inTwo = counted(faces.map((face) => `${face.split === Split.TEST ? 'TEST' : 'TRAIN'} ${labelOf(face)}`));
const inThree = counted(faces.map((face) => `${face.split} ${labelOf(face)}`));

async function expectSamePixels(sample: Sample, face: DrawnFace, tolerance: number): Promise<void> {
  const stored = await sharp(path.join(imageRootOf(sample.dataset, DataStore.open(root)), sample.imagePath))
    .raw()
    .toBuffer();
  const drawn = pixelsOf(face, set.seed, set.imageSize);
  expect([sample.width, sample.height, stored.length]).toEqual([24, 24, drawn.length]);
  expect(
    stored.reduce((sum, value, place) => sum + Math.abs(value - drawn[place]!), 0) / drawn.length,
  ).toBeLessThanOrEqual(tolerance);
}

describe('faces that were written and imported again have the same labels and splits', () => {
  it.each<LayoutName>(['raf-db', 'affectnet-cache', 'fer2013-folders', 'sfew'])('as %s', async (name) => {
    expect(shown(await roundTrip(name))).toEqual(inTwo);
  });

  it.each<LayoutName>(['affectnet-csv', 'affectnet-npy'])(
    'as %s, whose validation split serves as chosen',
    async (name) => {
      expect(shown(await roundTrip(name, { 'validation-as': 'test' }))).toEqual(inTwo);
    },
  );

  it('as folder', async () => {
    const samples = await roundTrip('folder');
    expect(shown(samples)).toEqual(inThree);
    const face = faces[62]!;
    await expectSamePixels(
      samples.find(({ imagePath }) => imagePath.includes(face.key))!,
      face,
      0,
    );
  });

  it('as fer2013, whose pictures come out of the table', async () => {
    const samples = await roundTrip('fer2013');
    expect(shown(samples)).toEqual(inThree);
    expect(samples.map(({ width, height }) => [width, height])).toEqual(faces.map(() => [24, 24]));
  });

  it('as ferplus, with the votes of every face', async () => {
    const samples = await roundTrip('ferplus', { 'vote-rule': 'plurality' });
    expect(counted(samples.map(({ split }) => split))).toEqual(counted(faces.map(({ split }) => split)));
    const own = (split: Split): DrawnFace[] => faces.filter((face) => face.split === split);
    for (const split of splits) {
      const votes = samples
        .filter((sample) => sample.split === split)
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ votes: counts, dataset }) =>
          Object.fromEntries(dataset.classes.map((name, place) => [name, counts![place]])),
        );
      own(split).forEach((face, place) =>
        expect(votes[place]).toMatchObject(
          Object.fromEntries(drawnClasses.map((name, index) => [name, face.votes[index]])),
        ),
      );
    }
  });

  it('as expw, with the box cut out', async () => {
    const samples = await roundTrip('expw');
    expect(counted(samples.map(({ givenLabel }) => givenLabel))).toEqual(counted(faces.map(labelOf)));
    const face = faces[7]!;
    await expectSamePixels(
      samples.find(({ key }) => key.includes(face.key))!,
      face,
      5,
    );
  });

  it('as ck-plus, without the neutral ones, nobody in two splits', async () => {
    const samples = await roundTrip('ck-plus');
    expect(counted(samples.map(({ givenLabel }) => givenLabel))).toEqual(
      counted(faces.map(labelOf).filter((label) => label !== 'neutral')),
    );
    const splitsOf = new Map<string, Set<Split>>();
    for (const { subject, split } of samples) splitsOf.set(subject!, (splitsOf.get(subject!) ?? new Set()).add(split));
    expect(splitsOf.size).toBe(
      new Set(faces.filter((face) => labelOf(face) !== 'neutral').map(({ subject }) => subject)).size,
    );
    for (const own of splitsOf.values()) expect(own.size).toBe(1);
  });

  it('as manifest, with everything that is known', async () => {
    const samples = await roundTrip('manifest');
    const byKey = new Map(samples.map((sample) => [sample.key, sample]));
    for (const face of faces) {
      const sample = byKey.get(face.key)!;
      const order = drawnClasses.map((name) => sample.dataset.classes.indexOf(name));
      expect([sample.split, sample.subject, sample.givenLabel, sample.cleanLabel]).toEqual([
        face.split,
        face.subject,
        labelOf(face),
        drawnClasses[face.cleanLabelIndex],
      ]);
      expect(order.map((place) => sample.votes![place])).toEqual(face.votes);
      order.forEach((place, index) =>
        expect(sample.trueDistribution![place]).toBeCloseTo(face.trueDistribution[index]!, 5),
      );
    }
    await expectSamePixels(byKey.get(faces[3]!.key)!, faces[3]!, 0);
  });

  it('is asked of every layout, and every importer has one', () => {
    // Folders of codes and texts of boxes say no more of a face than a plain folder does: they are read, and not drawn.
    const drawn = Object.keys(importers).filter((format) => !['raf-db-folders', 'yolo'].includes(format));
    expect(Object.keys(layouts)).toEqual(drawn);
  });
});
