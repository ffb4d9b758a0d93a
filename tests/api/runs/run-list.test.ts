import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDataset, seedRun, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let dataset: SeededDataset;
let other: SeededDataset;

beforeAll(async () => {
  server = await testServer();
  dataset = await seedDataset(server.database.dataSource, { name: 'faces' });
  other = await seedDataset(server.database.dataSource, { name: 'others' });
  for (const [place, name] of ['plain', 'with_noise', 'of 100 %'].entries())
    await seedRun(server.database.dataSource, dataset, { name, epochs: place === 0 ? 1 : 0, seed: place });
  await seedRun(server.database.dataSource, other, { name: 'plain again', epochs: 0 });
});
afterAll(() => server.close());

const describeRun = `mutation ($run: ID!, $input: DescribeRunInput!, $key: String) {
  describeRun(run: $run, input: $input, idempotencyKey: $key) { id name tags notes }
}`;

async function names(filter: object, first = 20): Promise<string[]> {
  const { trainingRuns } = await server.data(
    `query ($filter: RunFilter, $first: Int!) { trainingRuns(first: $first, filter: $filter) { totalCount nodes { name } } }`,
    { filter, first },
  );
  expect(trainingRuns.totalCount).toBeGreaterThanOrEqual(trainingRuns.nodes.length);
  return trainingRuns.nodes.map((run: { name: string }) => run.name);
}

async function idOf(name: string): Promise<string> {
  const { trainingRuns } = await server.data('{ trainingRuns { nodes { id name } } }');
  return trainingRuns.nodes.find((run: { name: string }) => run.name === name).id;
}

describe('what people say of runs', () => {
  test('a run is renamed, tagged and noted, and what is left out stays', async () => {
    const run = await idOf('plain');
    const first = await server.data(describeRun, {
      run,
      input: { tags: ['paper', ' paper ', 'baseline'], notes: 'the one of table 2' },
    });
    expect(first.describeRun).toEqual({
      id: run,
      name: 'plain',
      tags: ['paper', 'baseline'],
      notes: 'the one of table 2',
    });
    const second = await server.data(describeRun, { run, input: { name: ' plain one ' } });
    expect(second.describeRun).toMatchObject({ name: 'plain one', tags: ['paper', 'baseline'] });
    await server.data(describeRun, { run, input: { name: 'plain' } });
  });

  test.each([
    ['an empty name', { name: '  ' }, 'input.name'],
    ['a name too long', { name: 'n'.repeat(101) }, 'input.name'],
    ['an empty tag', { tags: ['fine', ''] }, 'input.tags.1'],
    ['notes too long', { notes: 'n'.repeat(20_001) }, 'input.notes'],
  ])('%s is refused with the place of what is wrong', async (_what, input, path) => {
    const answer = await server.query(describeRun, { run: await idOf('plain'), input });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', path });
  });

  test('a run that is not there is not found', async () => {
    const answer = await server.query(describeRun, { run: 'run_999999', input: { notes: 'x' } });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a list of runs', () => {
  test('is filtered by state, data set, tags and text, all of which hold', async () => {
    expect(await names({ states: ['COMPLETED'] })).toEqual(['plain']);
    expect(await names({ dataset: other.dataset.id })).toEqual(['plain again']);
    expect(await names({ text: 'PLAIN' })).toEqual(['plain again', 'plain']);
    expect(await names({ text: 'table 2' })).toEqual(['plain']);
    expect(await names({ text: 'plain', states: ['QUEUED'] })).toEqual(['plain again']);
    expect(await names({ tags: ['baseline', 'paper'] })).toEqual(['plain']);
    expect(await names({ tags: ['baseline', 'other'] })).toEqual([]);
  });

  test('takes signs of patterns as they are', async () => {
    expect(await names({ text: '100 %' })).toEqual(['of 100 %']);
    expect(await names({ text: 'with_' })).toEqual(['with_noise']);
    expect(await names({ text: '%' })).toEqual(['of 100 %']);
  });

  test('is paged under the filter', async () => {
    const page = `query ($after: String) { trainingRuns(first: 1, after: $after, filter: { text: "plain" }) { nodes { name } pageInfo { hasNextPage endCursor } } }`;
    const { trainingRuns: first } = await server.data(page);
    const { trainingRuns: second } = await server.data(page, { after: first.pageInfo.endCursor });
    expect([first.nodes[0].name, second.nodes[0].name]).toEqual(['plain again', 'plain']);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });
});
