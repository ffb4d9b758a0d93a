import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDataset, seedRun, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
let run: string;
beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource, { sizes: { TRAIN: 200 } });
  run = (await seedRun(server.database.dataSource, seeded, { epochs: 1 })).run.id;
});
afterAll(() => server?.close());

const mutation = 'mutation ($input: AnnotateMatchingInput!) { annotateMatching(input: $input) { annotated batch } }';
const counted = async (filter: object): Promise<number> =>
  (
    await server.data(
      `query ($run: ID!, $filter: AnalysisFilter) { trainingRun(id: $run) { analyses(filter: $filter) { totalCount } } }`,
      { run, filter },
    )
  ).trainingRun.analyses.totalCount;
const fears = { split: 'TRAIN', givenLabel: 'fear' };

describe('one decision on all that match', () => {
  test('is refused, and nothing is decided, where another number matches than the person saw', async () => {
    const answer = await server.query(mutation, { input: { run, filter: fears, action: 'CONFIRM', expected: 1 } });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', path: 'input.expected' });
    expect(await counted({ annotated: true })).toBe(0);
  });

  test('is made once under a key, and taken back by its batch', async () => {
    const expected = await counted(fears);
    expect(expected).toBeGreaterThan(10);
    const input = { run, filter: fears, label: 'surprise', expected, author: 'Ada', idempotencyKey: 'all-fears' };
    const { annotateMatching: first } = await server.data(mutation, { input });
    expect(first).toEqual({ annotated: expected, batch: 'all-fears' });
    expect(await counted({ ...fears, annotated: true })).toBe(expected);
    expect((await server.data(mutation, { input })).annotateMatching).toEqual(first);
    const { dataset } = await server.data(
      `query ($id: ID!) { dataset(id: $id) { annotations(first: 3) { totalCount nodes { to author from } } } }`,
      { id: seeded.dataset.id },
    );
    expect(dataset.annotations.totalCount).toBe(expected);
    expect(dataset.annotations.nodes[0]).toEqual({ to: 'surprise', author: 'Ada', from: 'fear' });
    await server.data(`mutation ($id: ID!) { undoAnnotationBatch(dataset: $id, batch: "all-fears") { id } }`, {
      id: seeded.dataset.id,
    });
    expect(await counted({ ...fears, annotated: true })).toBe(0);
  });

  test('of none that match is none', async () => {
    const filter = { ...fears, keyContains: 'no such face' };
    expect((await server.data(mutation, { input: { run, filter, action: 'SKIP' } })).annotateMatching).toEqual({
      annotated: 0,
      batch: null,
    });
  });
});

test('who cannot tell has looked at a face and changes no label', async () => {
  const sample = seeded.samples[0]!.id;
  const decide = (input: object) =>
    server.data('mutation ($input: RelabelSampleInput!) { relabelSample(input: $input) { action to } }', {
      input: { sample, ...input },
    });
  const other = seeded.samples[0]!.givenLabel === 'fear' ? 'anger' : 'fear';
  await decide({ label: other });
  expect((await decide({ action: 'UNSURE' })).relabelSample).toEqual({ action: 'UNSURE', to: null });
  expect(await counted({ annotated: true })).toBe(1);
  const { makeLabelSet } = await server.data(
    'mutation ($input: MakeLabelSetInput!) { makeLabelSet(input: $input) { differsFromGiven } }',
    { input: { dataset: seeded.dataset.id, name: 'decided' } },
  );
  expect(makeLabelSet.differsFromGiven).toBe(1);
});
