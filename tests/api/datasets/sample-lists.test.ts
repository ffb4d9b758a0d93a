import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisApi, RefusedError, type AnalysisApi } from '../analysis/analysis-api.js';
import { seedDataset, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

let api: AnalysisApi;
let seeded: SeededDataset;
let other: SeededDataset;
let trained: SeededRun;
let ids: string[];

beforeAll(async () => {
  api = await analysisApi();
  seeded = await seedDataset(api.database.dataSource);
  other = await seedDataset(api.database.dataSource, { name: 'another', votes: false });
  trained = await seedRun(api.database.dataSource, seeded, { epochs: 2 });
  ids = (await samples('first: 1000')).nodes.map((node: { id: string }) => node.id);
});
afterAll(() => api?.close());

const samples = async (argumentsText: string): Promise<any> =>
  (await api.ask(`{ dataset(id: "${seeded.dataset.id}") { samples(${argumentsText}) { totalCount nodes { id } } } }`))
    .dataset.samples;
const save = (input: Record<string, unknown>): Promise<any> =>
  api.ask('mutation ($input: SaveSampleListInput!) { saveSampleList(input: $input) { id name note size } }', {
    input: { dataset: seeded.dataset.id, ...input },
  });

describe('a saved list', () => {
  test('is found again by its data set, its id and as a filter of samples, analyses and columns', async () => {
    const picked = [ids[5]!, ids[1]!, ids[5]!];
    const { saveSampleList: list } = await save({ name: 'odd ones', note: 'lasso', samples: picked });
    expect(list).toMatchObject({ name: 'odd ones', note: 'lasso', size: 2 });
    const found = await api.ask(
      `{ dataset(id: "${seeded.dataset.id}") { sampleLists { id size } } sampleList(id: "${list.id}") { name } node(id: "${list.id}") { id } }`,
    );
    expect(found.dataset.sampleLists).toContainEqual({ id: list.id, size: 2 });
    expect(found.sampleList.name).toBe('odd ones');
    expect(found.node.id).toBe(list.id);
    const ofList = `filter: {list: "${list.id}"}`;
    expect((await samples(ofList)).nodes.map((node: { id: string }) => node.id).sort()).toEqual(
      [ids[1], ids[5]].sort(),
    );
    const { trainingRun } = await api.ask(
      `{ trainingRun(id: "${trained.run.id}") { analyses(${ofList}) { totalCount } columns(${ofList}) { rows } } }`,
    );
    expect(trainingRun.columns.rows).toBe(trainingRun.analyses.totalCount);
  });

  test('saved again is the same; another under its name is refused', async () => {
    const first = await save({ name: 'twice', samples: [ids[0], ids[2]] });
    expect(await save({ name: ' twice ', samples: [ids[2], ids[0]] })).toEqual(first);
    await expect(save({ name: 'twice', samples: [ids[0]] })).rejects.toMatchObject({
      extensions: { code: 'CONFLICT' },
    });
  });

  test('holds samples of its own data set only, at least one, and has a name', async () => {
    const { dataset } = await api.ask(`{ dataset(id: "${other.dataset.id}") { samples(first: 1) { nodes { id } } } }`);
    for (const wrong of [
      { name: 'strangers', samples: [dataset.samples.nodes[0].id] },
      { name: 'none', samples: [] },
      { name: ' ', samples: [ids[0]] },
    ])
      await expect(save(wrong)).rejects.toBeInstanceOf(RefusedError);
  });

  test('that is deleted is gone, its samples are not', async () => {
    const { saveSampleList: list } = await save({ name: 'short-lived', samples: [ids[3]] });
    await api.ask(`mutation { deleteSampleList(list: "${list.id}") { name } }`);
    expect((await api.ask(`{ sampleList(id: "${list.id}") { id } }`)).sampleList).toBeNull();
    expect((await samples(`filter: {samples: ["${ids[3]}"]}`)).totalCount).toBe(1);
  });
});

describe('a filter', () => {
  test('by ids takes just these samples', async () => {
    expect((await samples(`filter: {samples: ["${ids[7]}", "${ids[2]}"]}`)).nodes).toEqual(
      [ids[2], ids[7]].map((id) => ({ id })),
    );
    await expect(samples('filter: {samples: ["run_1"]}')).rejects.toBeInstanceOf(RefusedError);
  });

  test('by the entropy of votes agrees with the votes themselves, with and without a run', async () => {
    const { dataset } = await api.ask(
      `{ dataset(id: "${seeded.dataset.id}") { samples(first: 1000) { nodes { id voteDistribution } } } }`,
    );
    const entropy = (shares: number[]): number =>
      shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
    const expected = dataset.samples.nodes
      .filter((node: any) => node.voteDistribution && entropy(node.voteDistribution) >= 0.7)
      .map((node: any) => node.id);
    expect(expected.length).toBeGreaterThan(0);
    const filter = 'filter: {votesEntropy: {minimum: 0.7}}';
    expect((await samples(`first: 1000, ${filter}`)).nodes.map((node: any) => node.id)).toEqual(expected);
    const { trainingRun } = await api.ask(
      `{ trainingRun(id: "${trained.run.id}") { analyses(first: 1000, ${filter}) { nodes { sample { id } } } } }`,
    );
    const seen = trainingRun.analyses.nodes.map((node: any) => node.sample.id);
    expect(seen.every((id: string) => expected.includes(id))).toBe(true);
  });
});

describe('the facets of a data set', () => {
  test('count what the list of the same filter holds', async () => {
    const { dataset } = await api.ask(
      `{ dataset(id: "${seeded.dataset.id}") { classes
          facets(filter: {split: TRAIN}) { total splits { split samples } givenLabels votesEntropy(bins: 7) { counts minimum maximum unknown } } } }`,
    );
    const { total, splits, givenLabels, votesEntropy } = dataset.facets;
    expect(total).toBe((await samples('filter: {split: TRAIN}')).totalCount);
    expect(splits).toEqual([{ split: 'TRAIN', samples: total }]);
    const sum = (counts: number[]): number => counts.reduce((all, count) => all + count, 0);
    expect(sum(givenLabels)).toBe(total);
    expect(sum(votesEntropy.counts) + votesEntropy.unknown).toBe(total);
    expect(votesEntropy.maximum).toBeCloseTo(Math.log(dataset.classes.length), 12);
  });
});
