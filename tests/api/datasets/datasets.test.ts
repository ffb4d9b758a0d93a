import { graphql, type GraphQLSchema } from 'graphql';
import { buildSchema, type ContainerType } from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetResolver } from '../../../server/src/datasets/dataset.resolver.js';
import { DatasetService } from '../../../server/src/datasets/dataset.service.js';
import type { Dataset } from '../../../server/src/datasets/dataset.entity.js';
import { ImportService } from '../../../server/src/datasets/imports/import.service.js';
import type { ImportItem } from '../../../server/src/datasets/importers/importer.js';
import { SampleResolver } from '../../../server/src/datasets/sample.resolver.js';
import { SampleService } from '../../../server/src/datasets/sample.service.js';
import { Split } from '../../../server/src/split.js';
import { PlatformError } from '../../../server/src/errors.js';
import { type ImageTree, imageTree, small } from '../../server/datasets/image-tree.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let tree: ImageTree;
let schema: GraphQLSchema;
let faces: Dataset;
let others: Dataset;
let statements: string[] = [];

/** 30 samples: 20 TRAIN, 4 VALIDATION, 6 TEST; every third is `joy`. */
const items = Array.from({ length: 30 }, (_, n): ImportItem => ({
  record: {
    key: `Face_${String(n).padStart(2, '0')}`,
    split: n < 20 ? Split.TRAIN : n < 24 ? Split.VALIDATION : Split.TEST,
    imagePath: 'a.png',
    rawLabel: n === 0 ? 'JOY!' : null,
    givenLabelIndex: n % 3 === 0 ? 1 : 0,
    ...(n === 0
      ? {
          cleanLabelIndex: 2,
          votes: [1, 2, 7],
          outsideVotes: { unknown: 3 },
          trueDistribution: [0.25, 0.25, 0.5],
          subject: 'S1',
        }
      : {}),
  },
  origin: { file: 'list', line: n },
}));

beforeAll(async () => {
  database = await testDatabase();
  tree = await imageTree({ 'a.png': small });
  const imports = new ImportService(database.dataSource);
  const source = (taken: ImportItem[]) => ({
    description: {
      format: 'test',
      source: 'my faces',
      imageRoot: tree.root,
      classes: ['fear', 'joy', 'anger'],
      choices: { rule: 'by hand' },
      expectedItems: null,
    },
    async *items() {
      yield { skipped: { file: 'list', line: 99, key: 'x', reason: 'no face' } };
      yield* taken;
    },
  });
  faces = await imports.import(source(items), { name: 'faces' });
  others = await imports.import(source(items.slice(0, 5)), { name: 'others' });
  const samples = new SampleService(database.dataSource);
  const instances = new Map<unknown, unknown>([
    [DatasetResolver, new DatasetResolver(new DatasetService(database.dataSource), samples)],
    [SampleResolver, new SampleResolver(samples)],
  ]);
  const container: ContainerType = { get: (someClass) => instances.get(someClass) };
  schema = await buildSchema({ resolvers: [DatasetResolver, SampleResolver], container, validate: false });
  const query = database.dataSource.query.bind(database.dataSource);
  database.dataSource.query = ((sql: string, ...rest: never[]) => {
    statements.push(sql);
    return query(sql, ...rest);
  }) as never;
});
afterAll(async () => {
  await Promise.all([tree?.remove(), database?.drop()]);
});

/** The answer, typed by the caller. @throws the error a resolver threw. */
async function ask(source: string, variableValues: Record<string, unknown> = {}): Promise<any> {
  statements = [];
  const { data, errors } = await graphql({ schema, source, variableValues });
  if (errors) throw errors[0]!.originalError ?? errors[0];
  return data;
}

describe('data sets', () => {
  it('are listed newest first with their splits, counts and classes, by one statement for all counts', async () => {
    const { datasets } = await ask(
      '{ datasets { id name format classes createdAt sampleCount splits { split samples classCounts } } }',
    );
    expect(datasets).toEqual([
      {
        id: others.id,
        name: 'others',
        format: 'test',
        classes: ['fear', 'joy', 'anger'],
        createdAt: expect.any(String),
        sampleCount: 5,
        splits: [{ split: 'TRAIN', samples: 5, classCounts: [3, 2, 0] }],
      },
      {
        id: faces.id,
        name: 'faces',
        format: 'test',
        classes: ['fear', 'joy', 'anger'],
        createdAt: expect.any(String),
        sampleCount: 30,
        splits: [
          { split: 'TRAIN', samples: 20, classCounts: [13, 7, 0] },
          { split: 'VALIDATION', samples: 4, classCounts: [3, 1, 0] },
          { split: 'TEST', samples: 6, classCounts: [4, 2, 0] },
        ],
      },
    ]);
    expect(statements.filter((sql) => sql.includes('FROM sample'))).toHaveLength(1);
  });

  it('tell what their import did', async () => {
    const { dataset } = await ask(
      'query ($id: ID!) { dataset(id: $id) { importReport { source imported skipped skippedByReason { reason rows } skippedRows(first: 1) { file line key reason } choices { name value } } } }',
      { id: faces.id },
    );
    expect(dataset.importReport).toEqual({
      source: 'my faces',
      imported: 30,
      skipped: 1,
      skippedByReason: [{ reason: 'no face', rows: 1 }],
      skippedRows: [{ file: 'list', line: 99, key: 'x', reason: 'no face' }],
      choices: [{ name: 'rule', value: 'by hand' }],
    });
  });

  it('are null when there is none with the id, and an error when it is no such id', async () => {
    expect(await ask('{ dataset(id: "dataset_999") { id } sample(id: "sample_999999") { id } }')).toEqual({
      dataset: null,
      sample: null,
    });
    await expect(ask('{ dataset(id: "run_1") { id } }')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'id' },
    });
  });
});

describe('samples of a data set', () => {
  const page = async (argumentsText: string): Promise<any> =>
    (
      await ask(
        `query ($id: ID!) { dataset(id: $id) { samples${argumentsText} { totalCount nodes { key index } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
        { id: faces.id },
      )
    ).dataset.samples;
  const keys = (samples: any): string[] => samples.nodes.map((node: { key: string }) => node.key);

  it('come in pages that together hold each once, in the order of import', async () => {
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const samples = await page(`(first: 7${after})`);
      seen.push(...keys(samples));
      expect(samples.totalCount).toBe(30);
      if (!samples.pageInfo.hasNextPage) break;
      after = `, after: "${samples.pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(items.map((item) => ('record' in item ? item.record.key : '')));
  });

  it('are fifty on a page unless told', async () => {
    expect(keys(await page(''))).toHaveLength(30);
    expect((await page('(first: 30)')).pageInfo.hasNextPage).toBe(false);
  });

  it.each([
    ['split', '{ split: VALIDATION }', ['Face_20', 'Face_21', 'Face_22', 'Face_23']],
    ['given label', '{ givenLabel: "joy", split: TEST }', ['Face_24', 'Face_27']],
    ['a part of the key, in any case', '{ keyContains: "fACE_1" }', Array.from({ length: 10 }, (_, n) => `Face_1${n}`)],
    ['a part of the key that looks like a pattern', '{ keyContains: "%" }', []],
    ['nothing', '{}', items.map((item) => ('record' in item ? item.record.key : ''))],
  ])('are narrowed by %s, and counted so', async (_, filter, expected) => {
    const samples = await page(`(filter: ${filter})`);
    expect(keys(samples)).toEqual(expected);
    expect(samples.totalCount).toBe(expected.length);
  });

  it.each([
    ['first: 0', 'first'],
    ['first: 1001', 'first'],
    ['after: "nonsense"', 'after'],
    ['filter: { givenLabel: "boredom" }', 'filter.givenLabel'],
    ['filter: { keyContains: "a\\u0000" }', 'filter.keyContains'],
  ])('are refused with %s', async (given, argument) => {
    await expect(page(`(${given})`)).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { path: argument } });
    await expect(page(`(${given})`)).rejects.toBeInstanceOf(PlatformError);
  });
});

describe('a sample', () => {
  it('shows everything that is known of it', async () => {
    const { dataset } = await ask('query ($id: ID!) { dataset(id: $id) { samples(first: 2) { nodes { id } } } }', {
      id: faces.id,
    });
    const [first, second] = dataset.samples.nodes;
    const fields =
      'id dataset { name } index key split givenLabel cleanLabel rawLabel votes voteDistribution outsideVotes { name votes } trueDistribution subject width height imageUrl small: imageUrl(size: 96) actionUnits { number activation }';
    const answer = await ask(
      `query ($a: ID!, $b: ID!) { a: sample(id: $a) { ${fields} } b: sample(id: $b) { ${fields} } }`,
      { a: first.id, b: second.id },
    );
    expect(answer.a).toEqual({
      id: first.id,
      dataset: { name: 'faces' },
      index: 0,
      key: 'Face_00',
      split: 'TRAIN',
      givenLabel: 'joy',
      cleanLabel: 'anger',
      rawLabel: 'JOY!',
      votes: [1, 2, 7],
      voteDistribution: [0.1, 0.2, 0.7],
      outsideVotes: [{ name: 'unknown', votes: 3 }],
      trueDistribution: [0.25, 0.25, 0.5],
      subject: 'S1',
      width: 8,
      height: 6,
      imageUrl: expect.stringMatching(new RegExp(`^/images/${first.id}\\?v=[0-9a-f]{16}$`)),
      small: expect.stringMatching(new RegExp(`^/images/${first.id}\\?size=96&v=[0-9a-f]{16}$`)),
      actionUnits: null,
    });
    expect(answer.b).toMatchObject({
      givenLabel: 'fear',
      cleanLabel: null,
      votes: null,
      voteDistribution: null,
      outsideVotes: [],
      trueDistribution: null,
      subject: null,
    });
  });

  it('has no picture of size 0', async () => {
    const { dataset } = await ask('query ($id: ID!) { dataset(id: $id) { samples(first: 1) { nodes { id } } } }', {
      id: faces.id,
    });
    await expect(
      ask('query ($id: ID!) { sample(id: $id) { imageUrl(size: 0) } }', { id: dataset.samples.nodes[0].id }),
    ).rejects.toMatchObject({ details: { path: 'size' } });
  });

  it('is found by its exact key in its data set, and by nothing else', async () => {
    const question =
      'query ($id: ID!) { dataset(id: $id) { found: sample(key: "Face_04") { key index } other: sample(key: "face_04") { key } far: sample(key: "Face_29") { key } } }';
    const { dataset } = await ask(question, { id: others.id });
    expect(dataset).toEqual({ found: { key: 'Face_04', index: 4 }, other: null, far: null });
  });

  it('is found by row, in the order asked for, and missed by name', async () => {
    const samples = new SampleService(database.dataSource);
    const [first, second] = await samples.ofSplits(others, [Split.TRAIN]);
    const found = await samples.byRows([second!.row, first!.row, second!.row]);
    expect(found.map((sample) => sample.key)).toEqual(['Face_01', 'Face_00', 'Face_01']);
    expect(found[0]!.dataset.name).toBe('others');
    await expect(samples.byRows([first!.row, 2147483647])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await samples.byRows([])).toEqual([]);
  });
});
