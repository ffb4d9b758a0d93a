import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { migrations, newerMigrations, parseNumberArray } from '../../../server/src/database/data-source.js';
import { withSessionOptions } from '../../../server/src/database/session-settings.js';
import { computesLong } from '../../../server/src/transactions.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';

test('migrations stand in the order of their numbers, and those of a newer program are told from them', () => {
  const names = migrations.map(({ name }) => name);
  const numbers = names.map((name) => Number(/\d{13}$/.exec(name)![0]));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(newerMigrations([...names, 'Tomorrow9999999999999'])).toEqual(['Tomorrow9999999999999']);
});

describe('number arrays', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  test.each([
    ['ARRAY[1, -2, 3]::int2[]', [1, -2, 3]],
    ['ARRAY[2147483647, NULL]::int4[]', [2147483647, null]],
    [`ARRAY[0.25, 1e-30, -1.5e20]::float4[]`, [0.25, 1e-30, -1.5e20]],
    [`ARRAY[0.1, 'NaN', 'Infinity', '-Infinity', NULL]::float8[]`, [0.1, Number.NaN, Infinity, -Infinity, null]],
    [`'{}'::float8[]`, []],
    [
      `'{{1,2},{3,4}}'::int4[]`,
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [`'[0:1]={5,6}'::int4[]`, [5, 6]],
    ['NULL::float4[]', null],
  ])('%s is read as numbers', async (sql, expected) => {
    const [{ value }] = await database.dataSource.query(`SELECT ${sql} AS value`);
    expect(value).toEqual(expected);
  });

  test('a thousand float32 are read back exactly', async () => {
    const sent = Float32Array.from({ length: 1000 }, (_, i) => Math.fround(Math.sin(i) / 3));
    const [{ value }] = await database.dataSource.query('SELECT $1::float4[] AS value', [[...sent]]);
    expect(Float32Array.from(value as number[])).toEqual(sent);
  });

  test('sessions end when their client stops in a transaction, or its machine goes away; those that compute have longer', async () => {
    const { dataSource } = database;
    const shown = async (name: string): Promise<string> => (await dataSource.query(`SHOW ${name}`))[0][name];
    expect(await shown('idle_in_transaction_session_timeout')).toBe('30s');
    expect([await shown('tcp_keepalives_idle'), await shown('tcp_keepalives_count')]).toEqual(['30', '3']);
    await dataSource.transaction(async (manager) => {
      await computesLong((sql) => manager.query(sql));
      expect(await manager.query('SHOW idle_in_transaction_session_timeout')).toEqual([
        { idle_in_transaction_session_timeout: '15min' },
      ]);
    });
    expect(await shown('idle_in_transaction_session_timeout')).toBe('30s');
    const queue = new pg.Client({ connectionString: withSessionOptions(database.url) });
    await queue.connect();
    expect((await queue.query('SHOW idle_in_transaction_session_timeout')).rows).toEqual([
      { idle_in_transaction_session_timeout: '30s' },
    ]);
    await queue.end();
  });

  test('text that is no array is refused', () => {
    expect(() => parseNumberArray('{1,two}')).toThrow(SyntaxError);
  });
});
