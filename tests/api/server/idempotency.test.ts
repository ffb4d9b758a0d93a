import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDataset, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

const start =
  'mutation ($dataset: ID!, $key: String, $seed: Int) { startTraining(input: { dataset: $dataset, batchSize: 8, seed: $seed }, idempotencyKey: $key) { id state configuration { seed } } }';

describe('a mutation with an idempotency key', () => {
  let server: TestServer;
  let seeded: SeededDataset;
  beforeAll(async () => {
    server = await testServer();
    seeded = await seedDataset(server.database.dataSource);
  });
  afterAll(() => server.close());

  const runs = async (): Promise<number> =>
    (await server.data('{ trainingRuns { totalCount } }')).trainingRuns.totalCount;
  const ask = (variables: object) => server.query(start, { dataset: seeded.dataset.id, ...variables });

  test('does its work once, and answers the same when repeated', async () => {
    const before = await runs();
    const first = await ask({ key: 'one', seed: 3 });
    const second = await ask({ key: 'one', seed: 3 });
    expect(second).toEqual(first);
    expect(await runs()).toBe(before + 1);
    await ask({ key: 'another', seed: 3 });
    expect(await runs()).toBe(before + 2);
  });

  test('does its work once when asked many times at the same moment', async () => {
    const before = await runs();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask({ key: 'race' })));
    expect(await runs()).toBe(before + 1);
    const made = new Set(answers.flatMap(({ data }) => (data ? [data['startTraining'].id] : [])));
    expect(made.size).toBe(1);
    for (const { errors } of answers)
      if (errors) expect(errors[0]?.extensions).toMatchObject({ code: 'IDEMPOTENCY_PENDING', path: 'idempotencyKey' });
  });

  test('is refused when the key stood for other arguments', async () => {
    await ask({ key: 'two', seed: 1 });
    expect((await ask({ key: 'two', seed: 2 })).errors?.[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      path: 'idempotencyKey',
    });
  });

  test('may be tried again with the same key when it failed', async () => {
    const failed = await server.query(start, { dataset: 'dataset_999', key: 'three' });
    expect(failed.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' });
    expect((await server.query(start, { dataset: 'dataset_999', key: 'three' })).errors?.[0]?.extensions).toMatchObject(
      { code: 'NOT_FOUND' },
    );
    expect((await ask({ key: 'three' })).errors).toBeUndefined();
  });

  test.each(['', 'x'.repeat(201)])('with a key that is none is refused', async (key) => {
    expect((await ask({ key })).errors?.[0]?.extensions).toMatchObject({
      code: 'INVALID_INPUT',
      path: 'idempotencyKey',
    });
  });
});
