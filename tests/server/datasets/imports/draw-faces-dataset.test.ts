import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Dataset } from '../../../../server/src/datasets/dataset.entity.js';
import {
  directoryOfFaces,
  drawFacesDataset,
  type DrawFacesOptions,
} from '../../../../server/src/datasets/imports/draw-faces-dataset.js';
import { drawnFace } from '../../../../server/src/drawn-faces/drawn-face.js';
import { pixelsOf } from '../../../../server/src/drawn-faces/face-pixels.js';
import { ImportService } from '../../../../server/src/datasets/imports/import.service.js';
import { SampleService } from '../../../../server/src/datasets/sample.service.js';
import { Split } from '../../../../server/src/split.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';

let database: TestDatabase;
let imports: ImportService;
let root: string;
let calls = 0;
let options: DrawFacesOptions;

beforeAll(async () => {
  database = await testDatabase();
  imports = new ImportService(database.dataSource);
  root = await mkdtemp(path.join(os.tmpdir(), 'drawn-faces-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await database?.drop();
});
beforeEach(() => {
  const name = `faces ${++calls}`;
  options = {
    directory: path.join(root, name),
    name,
    counts: { [Split.TRAIN]: 30, [Split.VALIDATION]: 4, [Split.TEST]: 5 },
    imageSize: 24,
    seed: 3,
  };
});

const kept = async (name: string): Promise<number> => database.dataSource.getRepository(Dataset).countBy({ name });
const caught = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('a data set of drawn faces', () => {
  it('holds each face with its picture, votes, true distribution and subject', async () => {
    const dataset = await drawFacesDataset(imports, options);
    expect(dataset).toMatchObject({
      format: 'drawn-faces',
      imageRoot: options.directory,
      importReport: {
        imported: 39,
        skipped: 0,
        choices: { seed: '3', 'image-size': '24', 'given-label': 'plurality' },
      },
    });
    const samples = await new SampleService(database.dataSource).ofSplits(dataset, [
      Split.TRAIN,
      Split.VALIDATION,
      Split.TEST,
    ]);
    expect(samples.map((sample) => sample.split)).toEqual([
      ...Array(30).fill('TRAIN'),
      ...Array(4).fill('VALIDATION'),
      ...Array(5).fill('TEST'),
    ]);
    for (const [place, sample] of [
      [17, samples[17]!],
      [2, samples[36]!],
    ] as const) {
      const face = drawnFace(3, sample.split, place);
      expect(sample).toMatchObject({
        key: face.key,
        subject: face.subject,
        votes: face.votes,
        givenLabelIndex: face.givenLabelIndex,
        cleanLabelIndex: face.cleanLabelIndex,
        width: 24,
        height: 24,
      });
      sample.trueDistribution!.forEach((value, index) => expect(value).toBeCloseTo(face.trueDistribution[index]!, 6));
      const stored = await sharp(path.join(dataset.imageRoot, sample.imagePath)).raw().toBuffer();
      expect(stored.equals(pixelsOf(face, 3, 24))).toBe(true);
    }
  });

  it('begins with the same faces when it is larger', async () => {
    const first = await drawFacesDataset(imports, options);
    const larger = await drawFacesDataset(imports, {
      ...options,
      name: `${options.name} larger`,
      directory: `${options.directory} larger`,
      counts: { ...options.counts, [Split.TRAIN]: 40 },
    });
    const service = new SampleService(database.dataSource);
    const [few, many] = [await service.ofSplits(first, [Split.TRAIN]), await service.ofSplits(larger, [Split.TRAIN])];
    expect(many.slice(0, 30).map((sample) => [sample.key, sample.votes])).toEqual(
      few.map((sample) => [sample.key, sample.votes]),
    );
  });

  it('tells of every face drawn', async () => {
    const seen: unknown[] = [];
    await drawFacesDataset(imports, { ...options, onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual(Array.from({ length: 39 }, (_, done) => ({ drawn: done + 1, total: 39 })));
  });

  it('is given the label of one rater in training when told to, and says so', async () => {
    const dataset = await drawFacesDataset(imports, { ...options, givenLabel: 'rater' });
    const samples = await new SampleService(database.dataSource).ofSplits(dataset, [Split.TRAIN]);
    expect(samples.map((sample) => sample.givenLabelIndex)).toEqual(
      samples.map((_, number) => drawnFace(3, Split.TRAIN, number, 'rater').givenLabelIndex),
    );
    expect(dataset.importReport.choices).toMatchObject({ 'given-label': 'rater' });
  });
});

describe('the directory of a data set of drawn faces', () => {
  it.each(['drawn-faces-demo-48-7', 'a/b', '..', '../../etc', '.hidden', 'ümläut 100 %', '漢'.repeat(100)])(
    'is one directory below the data directory for %s',
    (name) => {
      const directory = directoryOfFaces('/data', name);
      expect(path.dirname(directory)).toBe('/data/datasets');
      expect(path.basename(directory)).toMatch(/^[^./][^/]{0,199}$/);
      expect(directoryOfFaces('/data', `${name} `)).not.toBe(directory);
    },
  );
});

describe('drawing again', () => {
  it('returns the data set that exists, without drawing', async () => {
    const first = await drawFacesDataset(imports, options);
    let drawn = 0;
    const second = await drawFacesDataset(imports, { ...options, onProgress: () => drawn++ });
    expect([second.row, drawn]).toEqual([first.row, 0]);
  });

  it('uses pictures that an interrupted start has left complete', async () => {
    const first = await drawFacesDataset(imports, options);
    await database.dataSource.getRepository(Dataset).delete({ row: first.row });
    let drawn = 0;
    const second = await drawFacesDataset(imports, { ...options, onProgress: () => drawn++ });
    expect([second.importReport.imported, drawn]).toEqual([39, 0]);
  });

  it('starts over where only an unfinished directory is left', async () => {
    await mkdir(`${options.directory}.unfinished/train`, { recursive: true });
    await writeFile(`${options.directory}.unfinished/train/old.png`, 'half');
    await drawFacesDataset(imports, options);
    expect((await readdir(root)).filter((name) => name.startsWith(options.name))).toEqual([options.name]);
    expect(await readdir(path.join(options.directory, 'train'))).not.toContain('old.png');
  });
});

describe('nothing stays and nothing is harmed', () => {
  it('when it is aborted while drawing', async () => {
    const controller = new AbortController();
    const error = await caught(
      drawFacesDataset(imports, {
        ...options,
        signal: controller.signal,
        onProgress: ({ drawn }) => drawn === 10 && controller.abort(new Error('enough')),
      }),
    );
    expect(error).toMatchObject({ message: 'enough' });
    expect([await kept(options.name), (await readdir(root)).filter((name) => name.startsWith(options.name))]).toEqual([
      0,
      [],
    ]);
  });

  it('when it is aborted while registering', async () => {
    const controller = new AbortController();
    const error = await caught(
      drawFacesDataset(imports, {
        ...options,
        signal: controller.signal,
        onProgress: ({ drawn, total }) => drawn === total && controller.abort(new Error('enough')),
      }),
    );
    expect(error).toMatchObject({ message: 'enough' });
    expect([await kept(options.name), (await readdir(root)).filter((name) => name.startsWith(options.name))]).toEqual([
      0,
      [],
    ]);
  });

  it('when the name belongs to other faces: it is refused before anything is drawn', async () => {
    await drawFacesDataset(imports, options);
    let drawn = 0;
    const error = await caught(
      drawFacesDataset(imports, {
        ...options,
        seed: 4,
        directory: `${options.directory} other`,
        onProgress: () => drawn++,
      }),
    );
    expect(error).toMatchObject({ code: 'CONFLICT', details: { name: options.name } });
    expect([drawn, await readdir(root)]).toEqual([0, expect.not.arrayContaining([`${options.name} other`])]);
  });

  it('when the directory holds something else', async () => {
    await mkdir(options.directory);
    await writeFile(path.join(options.directory, 'diary.txt'), 'mine');
    expect(await caught(drawFacesDataset(imports, options))).toMatchObject({
      code: 'CONFLICT',
      details: { directory: options.directory },
    });
    expect(await readFile(path.join(options.directory, 'diary.txt'), 'utf8')).toBe('mine');
  });

  it.each<[string, Partial<DrawFacesOptions>, string]>([
    ['no faces', { counts: { [Split.TRAIN]: 0, [Split.VALIDATION]: 0, [Split.TEST]: 0 } }, 'counts'],
    ['half a face', { counts: { [Split.TRAIN]: 1.5, [Split.VALIDATION]: 0, [Split.TEST]: 0 } }, 'counts.TRAIN'],
    ['pictures of 8 pixels', { imageSize: 8 }, 'imageSize'],
    ['a seed of 33 bits', { seed: 2 ** 32 }, 'seed'],
  ])('when %s are asked for', async (_, wrong, argument) => {
    expect(await caught(drawFacesDataset(imports, { ...options, ...wrong }))).toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: argument },
    });
    expect(await kept(options.name)).toBe(0);
  });
});
