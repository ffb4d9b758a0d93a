import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConflictError } from '../../../../server/src/errors.js';
import { Dataset } from '../../../../server/src/datasets/dataset.entity.js';
import { ImportService } from '../../../../server/src/datasets/imports/import.service.js';
import type { ImportItem, ImportRecord, ImportSource } from '../../../../server/src/datasets/importers/importer.js';
import { rehearseImport } from '../../../../server/src/datasets/imports/rehearse-import.js';
import { SampleService } from '../../../../server/src/datasets/sample.service.js';
import { Split } from '../../../../server/src/split.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { type ImageTree, imageTree, small } from '../image-tree.js';

let database: TestDatabase;
let tree: ImageTree;
let imports: ImportService;
let samples: SampleService;

beforeAll(async () => {
  database = await testDatabase();
  imports = new ImportService(database.dataSource);
  samples = new SampleService(database.dataSource);
  tree = await imageTree({
    'a.png': small,
    'b.png': { width: 5, height: 9 },
    'broken.png': 'not an image',
    'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>',
  });
});
afterAll(async () => {
  await tree?.remove();
  await database?.drop();
});

const sourceOf = (
  items: () => Iterable<ImportItem> | AsyncIterable<ImportItem>,
  more: Partial<ImportSource['description']> = {},
): ImportSource => ({
  description: {
    format: 'test',
    source: 'here',
    imageRoot: tree.root,
    classes: ['fear', 'joy'],
    choices: { rule: 'none' },
    expectedItems: null,
    ...more,
  },
  async *items() {
    yield* items();
  },
});
const taken = (record: Partial<ImportRecord> & { key: string }): ImportItem => ({
  record: { split: Split.TRAIN, imagePath: 'a.png', rawLabel: null, givenLabelIndex: 0, ...record },
  origin: { file: 'list.txt', line: 7 },
});
const namedTables = async (name: string): Promise<number> =>
  database.dataSource.getRepository(Dataset).countBy({ name });
const sampleCount = async (): Promise<number> =>
  Number((await database.dataSource.query('SELECT count(*) FROM sample'))[0].count);

describe('an import', () => {
  it('writes every field of every sample, in order, with the size of its image', async () => {
    const odd = 'tab\tnew\nline\\N "quote" ä';
    const dataset = await imports.import(
      sourceOf(() => [
        taken({
          key: odd,
          rawLabel: odd,
          subject: odd,
          givenLabelIndex: 1,
          cleanLabelIndex: 0,
          votes: [3, 7],
          outsideVotes: { [odd]: 2 },
          trueDistribution: [0.1, 0.9],
          split: Split.TEST,
        }),
        taken({ key: 'plain', imagePath: 'b.png' }),
      ]),
      { name: 'every field' },
    );
    const [first, second] = await samples.ofSplits(dataset, [Split.TRAIN, Split.TEST]);
    expect(first).toMatchObject({
      index: 0,
      key: odd,
      rawLabel: odd,
      subject: odd,
      split: 'TEST',
      givenLabel: 'joy',
      cleanLabel: 'fear',
      votes: [3, 7],
      outsideVotes: { [odd]: 2 },
      voteDistribution: [0.3, 0.7],
      width: 8,
      height: 6,
    });
    expect(first!.trueDistribution![1]).toBeCloseTo(0.9, 7);
    expect(second).toMatchObject({
      index: 1,
      key: 'plain',
      rawLabel: null,
      subject: null,
      givenLabel: 'fear',
      cleanLabel: null,
      votes: null,
      outsideVotes: null,
      voteDistribution: null,
      trueDistribution: null,
      width: 5,
      height: 9,
    });
    expect(second!.dataset).toBe(dataset);
  });

  it('reports what it took and left out, and why', async () => {
    const skip = (line: number, reason: string): ImportItem => ({
      skipped: { file: 'list.txt', line, key: null, reason },
    });
    const dataset = await imports.import(
      sourceOf(() => [
        taken({ key: 'a' }),
        skip(2, 'no name'),
        taken({ key: 'broken', imagePath: 'broken.png' }),
        skip(4, 'no name'),
        taken({ key: 'missing', imagePath: 'missing.png' }),
        taken({ key: 'drawing', imagePath: 'drawing.svg' }),
      ]),
      { name: 'report' },
    );
    const stored = await database.dataSource.getRepository(Dataset).findOneByOrFail({ row: dataset.row });
    expect(stored.importReport).toMatchObject({
      source: 'here',
      imported: 1,
      skipped: 5,
      skippedByReason: { 'no name': 2, 'the image cannot be read': 3 },
      choices: { rule: 'none' },
    });
    expect(stored.importReport.skippedRows).toContainEqual({
      file: 'list.txt',
      line: 7,
      key: 'broken',
      reason: 'the image cannot be read',
      detail: expect.stringContaining('unsupported image format'),
    });
    expect(stored.importReport).toEqual(dataset.importReport);
  });

  it('that takes nothing keeps its report, and shows the first rows in full', async () => {
    const missing = (n: number): ImportItem =>
      taken({ key: `missing ${n}`, imagePath: `missing ${n}.png`, imageHint: 'look elsewhere' });
    const source = sourceOf(() => [1, 2, 3, 4].map(missing));
    const error = await imports.import(source, { name: 'nothing' }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'INVALID_INPUT',
      report: { imported: 0, skipped: 4, skippedByReason: { 'the image cannot be read': 4 } },
    });
    expect((error as Error).message).toContain(
      '4 rows: the image cannot be read. The first: list.txt:7 missing 1: the image cannot be read (no such file in the data set; look elsewhere); list.txt:7 missing 2: ',
    );
    expect((error as Error).message).not.toContain('missing 4');
    await expect(rehearseImport(source)).rejects.toMatchObject({ report: { skipped: 4 } });
  });

  it('is rehearsed without a database, and says the same', async () => {
    const source = {
      ...sourceOf(() => [taken({ key: 'a' }), taken({ key: 'broken', imagePath: 'broken.png' })]),
      notes: () => ['a note'],
    };
    const report = await rehearseImport(source);
    const { importReport } = await imports.import(source, { name: 'rehearsed' });
    expect(report).toMatchObject({
      imported: 1,
      skipped: 1,
      notes: importReport.notes!,
      skippedRows: importReport.skippedRows,
      contents: { classCounts: importReport.contents!.classCounts },
    });
  });

  it.each([
    [
      'no training samples',
      [taken({ key: 'a', split: Split.TEST }), taken({ key: 'b', split: Split.TEST, givenLabelIndex: 1 })],
      ['There are no training samples: nothing can be trained on this data set.'],
    ],
    [
      'an empty class',
      [taken({ key: 'a' }), taken({ key: 'b', split: Split.TEST })],
      ['The class joy has no samples.'],
    ],
    [
      'a class that is only tested',
      [taken({ key: 'a' }), taken({ key: 'b', split: Split.TEST, givenLabelIndex: 1 })],
      ['The class joy has no training samples.'],
    ],
    [
      'nothing held out',
      [taken({ key: 'a' }), taken({ key: 'b', givenLabelIndex: 1 })],
      ['All samples are training samples: nothing is left to validate or test on.'],
    ],
  ])('says in its report of %s', async (_, items, expected) => {
    expect((await rehearseImport(sourceOf(() => items))).notes).toEqual(expected);
  });

  it('refuses a name with a line break, and takes two spellings of a letter for one', async () => {
    await expect(
      imports.import(
        sourceOf(() => [taken({ key: 'a' })]),
        { name: 'a\nb' },
      ),
    ).rejects.toMatchObject({ details: { path: 'name' } });
    const first = await imports.import(
      sourceOf(() => [taken({ key: 'a' })]),
      { name: 'caf\u00e9' },
    );
    expect(
      (
        await imports.import(
          sourceOf(() => [taken({ key: 'a' })]),
          { name: 'cafe\u0301' },
        )
      ).row,
    ).toBe(first.row);
  });

  it('takes the first of two samples with the same key and says where it stands', async () => {
    const { importReport } = await imports.import(
      sourceOf(() => [taken({ key: 'a' }), taken({ key: 'b' }), taken({ key: 'a', givenLabelIndex: 1 })]),
      { name: 'twice' },
    );
    expect(importReport).toMatchObject({ imported: 2, skippedByReason: { 'the key stands before': 1 } });
    expect(importReport.skippedRows).toEqual([
      { file: 'list.txt', line: 7, key: 'a', reason: 'the key stands before', detail: 'on line 7' },
    ]);
  });

  it('keeps the first hundred skipped rows of each reason and counts them all', async () => {
    const items = function* (): Generator<ImportItem> {
      for (let line = 0; line < 5000; line++)
        yield { skipped: { file: 'f', line, key: null, reason: `reason ${line % 5}` } };
      yield { skipped: { file: 'f', line: 1, key: null, reason: 'rare' } };
      yield taken({ key: 'a' });
    };
    const { importReport } = await imports.import(sourceOf(items), { name: 'many reasons' });
    expect(importReport.skipped).toBe(5001);
    expect(importReport.skippedRows.length).toBe(501);
    expect(importReport.skippedRows.filter((row) => row.reason === 'reason 0')).toHaveLength(100);
    expect(importReport.skippedByReason).toMatchObject({ 'reason 4': 1000, rare: 1 });
  });

  it('tells how far it is', async () => {
    const seen: unknown[] = [];
    const items = () => Array.from({ length: 200 }, (_, n) => taken({ key: `${n}` }));
    await imports.import(sourceOf(items, { expectedItems: 200 }), {
      name: 'progress',
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen).toEqual([64, 128, 192, 200].map((imported) => ({ imported, skipped: 0, expected: 200 })));
  });
});

describe('a failed import leaves nothing behind', () => {
  const failing = async (source: ImportSource, name: string, signal?: AbortSignal): Promise<unknown> => {
    const before = await sampleCount();
    const error: unknown = await imports.import(source, { name, ...(signal && { signal }) }).then(
      () => null,
      (caught: unknown) => caught,
    );
    expect(await namedTables(name)).toBe(0);
    expect(await sampleCount()).toBe(before);
    expect((await database.dataSource.query('SELECT 1 AS one'))[0].one).toBe(1);
    return error;
  };

  it('when the source breaks after a thousand samples', async () => {
    const items = function* (): Generator<ImportItem> {
      for (let n = 0; n < 1200; n++) yield taken({ key: `${n}` });
      throw new Error('the disk is gone');
    };
    expect(await failing(sourceOf(items), 'broken source')).toMatchObject({ message: 'the disk is gone' });
  });

  it('when it is aborted', async () => {
    const controller = new AbortController();
    const items = function* (): Generator<ImportItem> {
      for (let n = 0; n < 2000; n++) {
        if (n === 1500) controller.abort(new Error('stop'));
        yield taken({ key: `${n}` });
      }
    };
    expect(await failing(sourceOf(items), 'aborted', controller.signal)).toMatchObject({ message: 'stop' });
  });

  it('when no image can be used, and says why', async () => {
    const error = await failing(
      sourceOf(() => [taken({ key: 'x', imagePath: 'broken.png' })]),
      'nothing',
    );
    expect(error).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('1 rows: the image cannot be read'),
    });
  });

  it('when a record does not fit the classes', async () => {
    expect(
      await failing(
        sourceOf(() => [taken({ key: 'x', givenLabelIndex: 2 })]),
        'misfit',
      ),
    ).toBeInstanceOf(TypeError);
    expect(
      await failing(
        sourceOf(() => [taken({ key: 'x', votes: [1] })]),
        'misfit',
      ),
    ).toBeInstanceOf(TypeError);
  });

  it.each([
    ['a name', 'classes', ['fear', 'joy'], ' blank '],
    ['classes', 'classes', ['fear'], 'one class'],
    ['classes', 'classes', ['fear', 'fear'], 'same class'],
  ])('when it is given wrong %s', async (_what, _path, classes, name) => {
    expect(
      await failing(
        sourceOf(() => [taken({ key: 'a' })], { classes }),
        name,
      ),
    ).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('a name that exists', () => {
  it('gives back the data set when the samples would be the same', async () => {
    const source = sourceOf(() => [taken({ key: 'a' }), taken({ key: 'b', imagePath: 'b.png' })]);
    const first = await imports.import(source, { name: 'again' });
    const before = await sampleCount();
    expect((await imports.import(source, { name: 'again' })).row).toBe(first.row);
    expect(await sampleCount()).toBe(before);
  });

  it.each([
    ['a label differs', () => sourceOf(() => [taken({ key: 'a', givenLabelIndex: 1 })])],
    ['a sample is missing', () => sourceOf(() => [taken({ key: 'b' })])],
    ['the classes differ', () => sourceOf(() => [taken({ key: 'a' })], { classes: ['fear', 'happiness'] })],
  ])('is refused when %s', async (_, other) => {
    await imports.import(
      sourceOf(() => [taken({ key: 'a' })]),
      { name: 'other' },
    );
    await expect(imports.import(other(), { name: 'other' })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { name: 'other' },
    });
    expect(await namedTables('other')).toBe(1);
  });

  it('goes to one of two imports at the same time', async () => {
    const results = await Promise.allSettled(
      [1, 2].map(() =>
        imports.import(
          sourceOf(() => [taken({ key: 'a' })]),
          { name: 'race' },
        ),
      ),
    );
    expect(await namedTables('race')).toBe(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConflictError);
  });
});

it('takes 30,000 samples without holding them in memory', async () => {
  const items = function* (): Generator<ImportItem> {
    for (let n = 0; n < 30_000; n++)
      yield taken({
        key: `sample ${n}`,
        votes: [n % 10, 10 - (n % 10)],
        trueDistribution: [0.25, 0.75],
        subject: `subject ${n % 100}`,
      });
  };
  let highest = 0;
  const before = process.memoryUsage().heapUsed;
  await imports.import(sourceOf(items), {
    name: 'large',
    onProgress: () => (highest = Math.max(highest, process.memoryUsage().heapUsed)),
  });
  expect(highest - before).toBeLessThan(100e6);
  // A bound on memory, not on time: a slow disk may take its time.
}, 120_000);
