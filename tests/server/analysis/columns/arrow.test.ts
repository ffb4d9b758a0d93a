import { tableFromIPC } from 'apache-arrow';
import * as rust from 'parquet-wasm/node';
import { expect, test } from 'vitest';
import { ArrowEncoder } from '../../../../server/src/analysis/columns/arrow.js';
import type { ColumnBatch } from '../../../../server/src/analysis/columns/column-batch.js';

const shape = {
  columns: [
    'KEY',
    'GIVEN_LABEL',
    'CLEAN_LABEL',
    'SPLIT',
    'TARGET_DISTRIBUTION',
    'VOTES',
    'VOTES_KL_FUSED',
    'AUM',
    'INDEX',
  ] as const,
  classes: ['calm', 'cross'],
};

/** Samples first .. first + count - 1; every third has no clean label, votes and measure of them. */
function batch(first: number, count: number): ColumnBatch {
  const places = Array.from({ length: count }, (_, n) => first + n);
  const unknown = (n: number): boolean => n % 3 === 0;
  return {
    samples: count,
    columns: new Map([
      ['KEY', { kind: 'text', values: places.map((n) => `räksmörgås ${n}`) }],
      ['GIVEN_LABEL', { kind: 'class', values: Int16Array.from(places, (n) => n % 2) }],
      ['CLEAN_LABEL', { kind: 'class', values: Int16Array.from(places, (n) => (unknown(n) ? -1 : 1)) }],
      ['SPLIT', { kind: 'split', values: Int16Array.from(places, (n) => n % 3) }],
      [
        'TARGET_DISTRIBUTION',
        { kind: 'distribution', values: Float32Array.from(places.flatMap((n) => [n / 16, 1 - n / 16])) },
      ],
      ['VOTES', { kind: 'counts', values: places.map((n) => (unknown(n) ? null : [n, 1])) }],
      ['VOTES_KL_FUSED', { kind: 'real', values: Float32Array.from(places, (n) => (unknown(n) ? Number.NaN : n / 4)) }],
      ['AUM', { kind: 'double', values: Float64Array.from(places, (n) => -n / 3) }],
      ['INDEX', { kind: 'integer', values: Int32Array.from(places) }],
    ]),
  } as ColumnBatch;
}

async function* inBatches(...sizes: number[]): AsyncGenerator<ColumnBatch> {
  let first = 0;
  for (const size of sizes) {
    yield batch(first, size);
    first += size;
  }
}

async function streamed(batches: AsyncGenerator<ColumnBatch>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of new ArrowEncoder(shape).stream(batches)) parts.push(part);
  return Buffer.concat(parts);
}

test.each([[[10]], [[3, 3, 4]], [[1, 9]], [[8, 2]]])(
  'a stream of batches of %j samples is read by arrow-rs as one table',
  async (sizes) => {
    const table = tableFromIPC(rust.Table.fromIPCStream(await streamed(inBatches(...sizes))).intoIPCStream());
    expect(table.numRows).toBe(10);
    const row = (n: number): Record<string, unknown> =>
      Object.fromEntries(
        Object.entries(table.get(n)!.toJSON()).map(([name, value]) => [
          name,
          value !== null && typeof value === 'object' ? Array.from(value as Iterable<unknown>) : value,
        ]),
      );
    expect(row(4)).toEqual({
      key: 'räksmörgås 4',
      givenLabel: 'calm',
      cleanLabel: 'cross',
      split: 'VALIDATION',
      targetDistribution: [0.25, 0.75],
      votes: [4, 1],
      votesKlFused: 1,
      aum: -4 / 3,
      index: 4,
    });
    expect(row(9)).toEqual({
      key: 'räksmörgås 9',
      givenLabel: 'cross',
      cleanLabel: null,
      split: 'TRAIN',
      targetDistribution: [0.5625, 0.4375],
      votes: null,
      votesKlFused: null,
      aum: -3,
      index: 9,
    });
  },
);

test('schema and dictionaries are sent once, however many batches follow', async () => {
  const [one, many] = [await streamed(inBatches(10)), await streamed(inBatches(5, 5))];
  const occurrences = (bytes: Uint8Array): number =>
    Buffer.from(bytes).toString('latin1').split('VALIDATION').length - 1;
  expect(occurrences(one)).toBeGreaterThan(0);
  expect(occurrences(many)).toBe(occurrences(one));
});

test('batches are asked for one at a time, as they are read', async () => {
  let asked = 0;
  async function* counted(): AsyncGenerator<ColumnBatch> {
    for await (const one of inBatches(2, 2, 2)) {
      asked++;
      yield one;
    }
  }
  const stream = new ArrowEncoder(shape).stream(counted());
  await stream.next();
  expect(asked).toBe(1);
  await stream.return(undefined as never);
  expect(asked).toBe(1);
});
