import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisApi, type AnalysisApi } from './analysis-api.js';
import { seedDataset, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

let api: AnalysisApi;
let seeded: SeededDataset;
let trained: SeededRun;

beforeAll(async () => {
  api = await analysisApi();
  seeded = await seedDataset(api.database.dataSource);
  trained = await seedRun(api.database.dataSource, seeded, { epochs: 3 });
});
afterAll(() => api?.close());

const place = '{ number previous { sample { id } } next { sample { id } } }';

describe('the place of a sample in a list of a run', () => {
  test.each([
    'orderBy: INDEX',
    'orderBy: ENTROPY, direction: DESCENDING',
    'orderBy: VOTES_ENTROPY, direction: ASCENDING',
    'orderBy: VOTES_ENTROPY, direction: DESCENDING',
    'orderBy: MARGIN, filter: {split: TRAIN}',
    'orderBy: MARGIN, epoch: 2, filter: {correct: false}',
  ])('is that of the list itself: %s', async (list) => {
    const { trainingRun } = await api.ask(
      `{ trainingRun(id: "${trained.run.id}") { analyses(first: 1000, ${list}) { nodes { sample { id } } } } }`,
    );
    const ids: string[] = trainingRun.analyses.nodes.map((node: any) => node.sample.id);
    expect(ids.length).toBeGreaterThan(4);
    const asked = ids.map((id, n) => `p${n}: place(sample: "${id}", ${list}) ${place}`);
    for (let start = 0; start < asked.length; start += 10) {
      const answer = (
        await api.ask(`{ trainingRun(id: "${trained.run.id}") { ${asked.slice(start, start + 10).join(' ')} } }`)
      ).trainingRun;
      for (let n = start; n < Math.min(asked.length, start + 10); n++)
        expect(answer[`p${n}`]).toEqual({
          number: n + 1,
          previous: n > 0 ? { sample: { id: ids[n - 1] } } : null,
          next: n < ids.length - 1 ? { sample: { id: ids[n + 1] } } : null,
        });
    }
  });

  test('has no number where the sample does not meet the filter, but neighbours', async () => {
    const { trainingRun } = await api.ask(
      `{ trainingRun(id: "${trained.run.id}") { analyses(first: 1, filter: {split: TEST}) { nodes { sample { id } } } } }`,
    );
    const [{ sample }] = trainingRun.analyses.nodes;
    const answer = await api.ask(
      `{ trainingRun(id: "${trained.run.id}") { place(sample: "${sample.id}", filter: {split: TRAIN}) { number } } }`,
    );
    expect(answer.trainingRun.place.number).toBeNull();
  });
});

describe('any part of a list', () => {
  test.each([
    'orderBy: MARGIN, direction: DESCENDING',
    'orderBy: VOTES_ENTROPY, direction: ASCENDING',
    'orderBy: VOTES_ENTROPY, direction: DESCENDING',
    'orderBy: INDEX, epoch: 2',
  ])('begins at a place as the whole list has it: %s', async (list) => {
    const part = async (first: number, from: number): Promise<string[]> =>
      (
        await api.ask(
          `{ trainingRun(id: "${trained.run.id}") { analyses(first: ${first}, from: ${from}, ${list}) { nodes { sample { id } } } } }`,
        )
      ).trainingRun.analyses.nodes.map((node: any) => node.sample.id);
    const whole = await part(1000, 0);
    for (const from of [0, 1, 20, whole.length - 4, whole.length - 2, whole.length, whole.length + 5])
      expect(await part(5, from)).toEqual(whole.slice(from, from + 5));
  });

  test('of a data set too; not beside a cursor, and not before the first', async () => {
    const samples = (more: string): string =>
      `{ dataset(id: "${seeded.dataset.id}") { samples(first: 4, ${more}) { nodes { index } pageInfo { endCursor hasPreviousPage } } } }`;
    const { dataset } = await api.ask(samples('from: 7'));
    expect(dataset.samples.nodes.map((node: any) => node.index)).toEqual([7, 8, 9, 10]);
    expect(dataset.samples.pageInfo.hasPreviousPage).toBe(true);
    await expect(api.ask(samples(`from: 1, after: "${dataset.samples.pageInfo.endCursor}"`))).rejects.toThrow();
    await expect(api.ask(samples('from: -1'))).rejects.toThrow();
  });
});

describe('the place of a sample in its data set', () => {
  test('is that of the list of the same filter', async () => {
    const list = 'filter: {split: TRAIN}';
    const { dataset } = await api.ask(
      `{ dataset(id: "${seeded.dataset.id}") { samples(first: 1000, ${list}) { nodes { id } } } }`,
    );
    const ids: string[] = dataset.samples.nodes.map((node: any) => node.id);
    const middle = 3;
    const answer = await api.ask(
      `{ dataset(id: "${seeded.dataset.id}") { place(sample: "${ids[middle]}", ${list}) { number previous { id } next { id } } } }`,
    );
    expect(answer.dataset.place).toEqual({
      number: middle + 1,
      previous: { id: ids[middle - 1] },
      next: { id: ids[middle + 1] },
    });
  });
});
