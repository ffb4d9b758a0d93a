import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Split } from '../../../server/src/split.js';
import { analysisApi, countSelects, type AnalysisApi } from './analysis-api.js';
import { seedDataset, seededClasses, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

let api: AnalysisApi;
let seeded: SeededDataset;
let trained: SeededRun;
let queued: SeededRun;
let plain: SeededRun;

beforeAll(async () => {
  api = await analysisApi();
  const { dataSource } = api.database;
  seeded = await seedDataset(dataSource);
  trained = await seedRun(dataSource, seeded);
  queued = await seedRun(dataSource, seeded, { name: 'queued', epochs: 0 });
  plain = await seedRun(dataSource, await seedDataset(dataSource, { name: 'plain', votes: false, clean: false }), {
    epochs: 1,
  });
});
afterAll(() => api?.close());

const fields = `sample { id index key split cleanLabel } epoch givenLabel targetLabel auxiliaryLabel fusedLabel votesLabel correct entropy margin selfConfidence
  attention { mean fusionWeight } klFused: distance(from: VOTES, to: FUSED, measure: KULLBACK_LEIBLER)`;
const page = async (run: SeededRun, argumentsText = ''): Promise<any> =>
  (
    await api.ask(
      `query ($id: ID!) { trainingRun(id: $id) { analyses${argumentsText} { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor } nodes { ${fields} } } } }`,
      { id: run.run.id },
    )
  ).trainingRun.analyses;

/** Every node, page by page. */
async function walk(argumentsText: string, size: number): Promise<any[]> {
  const nodes: any[] = [];
  for (let after = ''; ;) {
    const found = await page(trained, `(first: ${size}${after}${argumentsText})`);
    nodes.push(...found.nodes);
    expect(found.pageInfo.hasPreviousPage).toBe(after !== '');
    if (!found.pageInfo.hasNextPage) return nodes;
    after = `, after: "${found.pageInfo.endCursor}"`;
  }
}

describe('the analyses of a run', () => {
  test('are all its samples in the order of the data set, after the newest epoch', async () => {
    const all = await page(trained, '(first: 1000)');
    expect(all.totalCount).toBe(51);
    expect(all.nodes.map((node: any) => node.sample.key)).toEqual(seeded.samples.map((sample) => sample.key));
    expect(all.nodes.every((node: any) => node.epoch === 3)).toBe(true);
    expect((await page(trained)).nodes).toHaveLength(50);
  });

  const orders: [string, (node: any) => number | null][] = [
    ['INDEX', (node) => node.sample.index],
    ['ENTROPY', (node) => node.entropy],
    ['MARGIN', (node) => node.margin],
    ['SELF_CONFIDENCE', (node) => node.selfConfidence],
    ['ATTENTION', (node) => node.attention.mean],
    ['FUSION_WEIGHT', (node) => node.attention.fusionWeight],
    ['VOTES_KL_FUSED', (node) => node.klFused],
  ];
  test.each(
    orders.flatMap(([order, value]) =>
      (['ASCENDING', 'DESCENDING'] as const).map((direction) => [order, direction, value] as const),
    ),
  )('sorted by %s %s come in pages that hold each once, unknown values last', async (order, direction, value) => {
    const nodes = await walk(`, orderBy: ${order}, direction: ${direction}`, 7);
    expect(new Set(nodes.map((node) => node.sample.id)).size).toBe(51);
    const values = nodes.map(value);
    const known = values.filter((number) => number !== null);
    expect(values.slice(known.length).every((number) => number === null)).toBe(true);
    expect(order === 'VOTES_KL_FUSED' ? 48 : 51).toBe(known.length);
    for (let n = 1; n < known.length; n++) {
      const step = direction === 'ASCENDING' ? known[n]! - known[n - 1]! : known[n - 1]! - known[n]!;
      expect(step).toBeGreaterThanOrEqual(-1e-6); // sorted by float32
    }
  });

  test('with equal values still come once each', async () => {
    await api.database.dataSource.query(
      'UPDATE sample_analysis SET margin = 0.5 WHERE run_row = $1 AND sample_row % 4 > 0',
      [trained.run.row],
    );
    for (const direction of ['ASCENDING', 'DESCENDING']) {
      const nodes = await walk(`, orderBy: MARGIN, direction: ${direction}`, 4);
      expect(nodes).toHaveLength(51);
      expect(new Set(nodes.map((node) => node.sample.id)).size).toBe(51);
    }
  });

  const filters: [string, (node: any) => boolean][] = [
    ['{ split: TEST }', (node) => node.sample.split === Split.TEST],
    ['{ givenLabel: "fear" }', (node) => node.givenLabel === 'fear'],
    ['{ targetLabel: "anger", correct: false }', (node) => node.targetLabel === 'anger' && !node.correct],
    ['{ auxiliaryLabel: "surprise" }', (node) => node.auxiliaryLabel === 'surprise'],
    [
      '{ fusedLabel: "surprise", split: TRAIN }',
      (node) => node.fusedLabel === 'surprise' && node.sample.split === Split.TRAIN,
    ],
    ['{ votesLabel: "anger" }', (node) => node.votesLabel === 'anger'],
    ['{ cleanLabel: "fear", correct: true }', (node) => node.sample.cleanLabel === 'fear' && node.correct],
    ['{ givenLabel: null, correct: null }', () => true],
  ];
  test.each(filters)('narrowed by %s are those and no others, and counted so', async (filter, fits) => {
    const all = await page(trained, '(first: 1000)');
    const some = await page(trained, `(first: 1000, filter: ${filter})`);
    expect(some.nodes).toEqual(all.nodes.filter(fits));
    expect(some.nodes.length).toBeGreaterThan(0);
    expect(some.totalCount).toBe(some.nodes.length);
    expect((await page(trained, `(first: 1, filter: ${filter})`)).totalCount).toBe(some.totalCount);
  });

  test('of a cell of the confusion matrix are as many as the cell counts', async () => {
    const { trainingRun } = await api.ask(
      'query ($id: ID!) { trainingRun(id: $id) { confusionMatrix(split: TRAIN, rows: CLEAN, columns: FUSED) { counts } } }',
      { id: trained.run.id },
    );
    for (const [i, row] of seededClasses.entries()) {
      for (const [j, column] of seededClasses.entries()) {
        const cell = await page(
          trained,
          `(first: 1, filter: { split: TRAIN, cleanLabel: "${row}", fusedLabel: "${column}" })`,
        );
        expect(cell.totalCount).toBe(trainingRun.confusionMatrix.counts[i][j]);
      }
    }
  });

  test('before the first epoch are none', async () => {
    expect(await page(queued)).toMatchObject({
      totalCount: 0,
      nodes: [],
      pageInfo: { hasNextPage: false, startCursor: null },
    });
    expect(await page(queued, '(orderBy: VOTES_KL_FUSED)')).toMatchObject({ totalCount: 0 });
  });

  // From eight samples of a chunk on, the chunk is read whole: another statement, but no more of them.
  test('take as many statements for thirty-eight samples as for twelve, samples and runs included', async () => {
    const ask = (first: number): Promise<any> =>
      api.ask(
        'query ($id: ID!, $first: Int!) { trainingRun(id: $id) { analyses(first: $first) { totalCount nodes { fusedDistribution run { name dataset { name } } sample { key dataset { name } runs { id } analysis(run: $id, epoch: 1) { epoch } } } } } }',
        { id: trained.run.id, first },
      );
    const twelve = await countSelects(() => ask(12));
    expect(twelve).toBeGreaterThan(5);
    expect(await countSelects(() => ask(38))).toBe(twelve);
    expect(await countSelects(() => ask(2))).toBeLessThanOrEqual(twelve);
  });

  test.each([
    [
      'an unknown class',
      '(filter: { votesLabel: "boredom" })',
      'filter.votesLabel',
      'filter.votesLabel: expected a class of seeded: anger, fear, surprise, found "boredom".',
    ],
    ['a page too large', '(first: 1001)', 'first', 'first: expected an integer from 1 to 1000, found 1001.'],
    ['a cursor that is none', '(after: "nonsense")', 'after', /cursor that this list returned/],
  ])('are refused with %s', async (_, argumentsText, path, message) => {
    await expect(page(trained, argumentsText)).rejects.toMatchObject({
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      extensions: { code: 'INVALID_INPUT', path },
    });
  });

  test('are refused with a cursor of another order', async () => {
    const { pageInfo } = await page(trained, '(first: 2, orderBy: ENTROPY)');
    for (const other of ['orderBy: MARGIN', 'orderBy: ENTROPY, direction: DESCENDING', 'orderBy: INDEX']) {
      await expect(page(trained, `(after: "${pageInfo.endCursor}", ${other})`)).rejects.toMatchObject({
        extensions: { code: 'INVALID_INPUT', path: 'after' },
      });
    }
  });

  test.each([
    ['(orderBy: VOTES_KL_FUSED)', 'orderBy', 'votes'],
    ['(filter: { votesLabel: "fear" })', 'filter.votesLabel', 'votes'],
    ['(filter: { cleanLabel: "fear" })', 'filter.cleanLabel', 'clean labels'],
  ])('are refused where %s asks for what nobody said', async (argumentsText, path, what) => {
    await expect(page(plain, argumentsText)).rejects.toMatchObject({
      message: expect.stringContaining(`nothing that needs ${what}, as no sample of data set plain has ${what}`),
      extensions: { code: 'INVALID_INPUT', path },
    });
  });
});
