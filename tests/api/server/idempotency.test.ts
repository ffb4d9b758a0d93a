import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataSource } from 'typeorm';
import { seedDataset, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

const start =
  'mutation ($dataset: ID!, $key: String, $seed: Int) { startTraining(input: { dataset: $dataset, batchSize: 8, seed: $seed }, idempotencyKey: $key) { id state configuration { seed } } }';

const record =
  'mutation ($dataset: String!, $key: String) { recordRun(input: { dataset: $dataset, capture: TRAINING_PASS }, idempotencyKey: $key) { id } }';

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

  test('goes on when its client leaves, so that whoever asks again gets its result', async () => {
    const { dataSource } = server.database;
    const before = await runs();
    const held = dataSource.createQueryRunner();
    await held.startTransaction();
    try {
      await held.query('LOCK TABLE training_run IN EXCLUSIVE MODE');
      const leaving = new AbortController();
      const body = JSON.stringify({ query: record, variables: { dataset: seeded.dataset.name, key: 'left' } });
      const asked = fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: leaving.signal,
      });
      await expect.poll(() => waiting(dataSource)).toBe(1);
      leaving.abort();
      await expect(asked).rejects.toThrow();
      const again = await server.query(record, { dataset: seeded.dataset.name, key: 'left' });
      expect(again.errors?.[0]?.extensions['code']).toBe('IDEMPOTENCY_PENDING');
    } finally {
      await held.rollbackTransaction();
      await held.release();
    }
    const run = async (): Promise<unknown> =>
      (await server.query(record, { dataset: seeded.dataset.name, key: 'left' })).data;
    await expect.poll(run, { timeout: 10_000 }).toMatchObject({ recordRun: { id: expect.any(String) } });
    expect(await runs()).toBe(before + 1);
  });

  test('that a stopped platform left without a result is done again where that doubles nothing, else said', async () => {
    const { dataSource } = server.database;
    const before = await runs();
    const variables = { dataset: seeded.dataset.name, key: 'stopped' };
    const made = await server.data(record, variables);
    await ask({ key: 'stopped too', seed: 1 });
    const stop = `UPDATE idempotency_key SET result_id = NULL, held_until = now() - interval '1 s' WHERE key LIKE 'stopped%'`;
    await dataSource.query(stop);
    expect((await ask({ key: 'stopped too', seed: 1 })).errors?.[0]?.extensions['code']).toBe('IDEMPOTENCY_LOST');
    expect(await server.data(record, variables)).toEqual(made);
    expect(await runs()).toBe(before + 2);
    await dataSource.query(`DELETE FROM training_run WHERE recording_request LIKE 'stopped%'`);
    await dataSource.query(stop);
    expect((await server.data(record, variables)).recordRun.id).not.toBe(made.recordRun.id);
  });

  test.each(['', 'x'.repeat(201)])('with a key that is none is refused', async (key) => {
    expect((await ask({ key })).errors?.[0]?.extensions).toMatchObject({
      code: 'INVALID_INPUT',
      path: 'idempotencyKey',
    });
  });
});

/** Statements that wait for a lock on runs. */
async function waiting(dataSource: DataSource): Promise<number> {
  const [{ count }] = (await dataSource.query(
    `SELECT count(*)::int FROM pg_locks WHERE relation = 'training_run'::regclass AND NOT granted`,
  )) as [{ count: number }];
  return count;
}
