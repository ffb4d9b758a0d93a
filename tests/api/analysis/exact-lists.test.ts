import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisApi, type AnalysisApi } from './analysis-api.js';
import { seedDataset, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

let api: AnalysisApi;
let seeded: SeededDataset;
let trained: SeededRun;
let plain: SeededRun;

beforeAll(async () => {
  api = await analysisApi();
  const { dataSource } = api.database;
  seeded = await seedDataset(dataSource);
  trained = await seedRun(dataSource, seeded, { epochs: 4 });
  plain = await seedRun(dataSource, await seedDataset(dataSource, { name: 'plain', votes: false, clean: false }), {
    epochs: 1,
  });
});
afterAll(() => api?.close());

const list = async (argumentsText: string): Promise<any> =>
  (
    await api.ask(
      `{ trainingRun(id: "${trained.run.id}") { analyses(first: 1000, ${argumentsText}) { totalCount nodes { CORRECTNESS: measure(of: CORRECTNESS) } } } }`,
    )
  ).trainingRun.analyses;

describe('samples that were never learned', () => {
  const events = async (direction: string, first: number): Promise<{ events: number | null; share: number }[]> => {
    const seen: { events: number | null; share: number }[] = [];
    for (let after: string | null = null; ;) {
      const { trainingRun } = await api.ask(
        `query ($after: String) { trainingRun(id: "${trained.run.id}") { analyses(first: ${first}, after: $after, orderBy: FORGETTING_EVENTS, direction: ${direction}) {
          pageInfo { hasNextPage endCursor } nodes { events: measure(of: FORGETTING_EVENTS) share: measure(of: CORRECTNESS) trajectory { forgettingEvents } } } } }`,
        { after },
      );
      for (const { trajectory, ...node } of trainingRun.analyses.nodes) {
        expect(trajectory.forgettingEvents).toBe(node.events);
        seen.push(node);
      }
      if (!trainingRun.analyses.pageInfo.hasNextPage) return seen;
      after = trainingRun.analyses.pageInfo.endCursor as string;
    }
  };

  test.each([
    ['DESCENDING', 7],
    ['ASCENDING', 5],
    ['DESCENDING', 1000],
  ])('have no number of events, and stand with the most forgotten, %s in pages of %i', async (direction, first) => {
    const list = await events(direction, first);
    expect(list).toHaveLength(seeded.samples.length);
    const rank = ({ events: count }: { events: number | null }): number => count ?? Infinity;
    const ordered = list.map(rank);
    expect(ordered).toEqual([...ordered].sort((a, b) => (a === b ? 0 : direction === 'ASCENDING' ? a - b : b - a)));
    for (const { events: count, share } of list) expect(count === null).toBe(share === 0);
    expect(list.some(({ events: count }) => count === null)).toBe(true);
    expect(list.some(({ events: count }) => count === 0)).toBe(true);
  });
});

test('a share of the epochs is found by a filter that names it', async () => {
  const all = await list('epoch: 3');
  for (const minimum of [1 / 3, 2 / 3, 1]) {
    const expected = all.nodes.filter((node: any) => Math.round(node.CORRECTNESS * 3) >= Math.round(minimum * 3));
    const found = await list(`epoch: 3, filter: { measures: [{ measure: CORRECTNESS, minimum: ${minimum} }] }`);
    expect(found.totalCount).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(0);
  }
});

test('text of a key is found whatever the case of letters with accents, composed or not', async () => {
  const [first, second] = seeded.samples;
  const rename = (row: number, key: string): Promise<unknown> =>
    api.database.dataSource.query('UPDATE sample SET key = $2 WHERE "row" = $1', [row, key]);
  await rename(first!.row, 'Ünïcode É.png'.normalize('NFC'));
  await rename(second!.row, 'ünïcode é.jpg'.normalize('NFD'));
  for (const text of ['É', 'é', 'e\u0301', 'ÜNÏCODE'])
    expect((await list(`filter: { keyContains: "${text}" }`)).totalCount).toBe(2);
  expect((await list('filter: { keyContains: "e.png" }')).totalCount).toBe(0);
  await rename(first!.row, first!.key);
  await rename(second!.row, second!.key);
});

test('a cursor of another list is refused, and so is an empty one', async () => {
  const other = `{ trainingRun(id: "${plain.run.id}") { analyses(first: 1) { pageInfo { endCursor } } } }`;
  const { endCursor } = (await api.ask(other)).trainingRun.analyses.pageInfo;
  for (const after of [endCursor, '', 'x'])
    await expect(list(`after: "${after}"`)).rejects.toMatchObject({
      extensions: { code: 'INVALID_INPUT', path: 'after' },
    });
});
