import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedDataset, seedRun, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
let before: string;
let after: string;

beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource);
  before = (await seedRun(server.database.dataSource, seeded, { epochs: 2, seed: 1 })).run.id;
  after = (await seedRun(server.database.dataSource, seeded, { epochs: 3, seed: 2, configuration: { width: 16 } })).run
    .id;
});
afterAll(() => server.close());

const question = `query ($before: ID!, $after: ID!) { runComparison(before: $before, after: $after, split: TRAIN) {
  settings { name before after } agreement { samples share kappa } right { before after both neither } csvUrl
  class: parting(by: CLASS) { part samples share accuracyBefore accuracyAfter } split: parting(by: SPLIT) { part samples }
  ambiguity: parting(by: AMBIGUITY) { part samples share } curves { epoch before after }
  matrixBefore samplesRight(which: AFTER) { key } } }`;

test('two runs differ by name of setting, agree by kappa, and part by class, split and ambiguity', async () => {
  const { runComparison: found } = await server.data(question, { before, after });
  expect(found.settings).toContainEqual({ name: 'width', before: expect.any(String), after: '16' });
  expect(found.settings).toContainEqual({ name: 'seed', before: '1', after: '2' });
  const { samples, share, kappa } = found.agreement;
  expect(samples).toBe(30);
  expect(kappa).toBeLessThan(share);
  const { right } = found;
  expect(right.before + right.after + right.both + right.neither).toBe(30);
  expect(found.samplesRight).toHaveLength(Math.min(12, right.after));
  const sum = (parts: { samples: number }[]): number => parts.reduce((total, part) => total + part.samples, 0);
  expect([sum(found.class), sum(found.split)]).toEqual([30, 51]);
  expect(found.ambiguity.map(({ part }: { part: string }) => part)).toEqual([
    'clearest',
    'clear',
    'ambiguous',
    'most ambiguous',
  ]);
  expect(found.curves).toHaveLength(3);
  expect(found.curves[2]).toMatchObject({ epoch: 3, before: null, after: expect.any(Number) });
});

test('every sample that both predicted comes as CSV', async () => {
  const { runComparison: found } = await server.data(question, { before, after });
  const response = await fetch(`${server.url}${found.csvUrl}`);
  const [head, ...lines] = (await response.text()).trim().split('\n');
  expect(head).toBe('key,split,labelBefore,labelAfter,predictionBefore,predictionAfter,right,ambiguity');
  expect(lines).toHaveLength(30);
  expect(lines.filter((line) => line.includes(',BEFORE,'))).toHaveLength(found.right.before);
  expect((await fetch(`${server.url}/comparisons/${before}/run_99.csv`)).status).toBe(404);
});

test('a label set comes as a table that is imported again as it is', async () => {
  const { dataset } = await server.data(`query ($id: ID!) { dataset(id: $id) { labelSets { id name } } }`, {
    id: seeded.dataset.id,
  });
  const response = await fetch(`${server.url}/labels/${dataset.labelSets[0].id}.csv`);
  const [head, first] = (await response.text()).split('\n');
  const { key, split, givenLabelIndex } = seeded.samples[0]!;
  expect(head).toBe('path,label,split,key');
  expect(first).toBe(`${key},${seeded.dataset.classes[givenLabelIndex]},${split.toLowerCase()},${key}`);
});
