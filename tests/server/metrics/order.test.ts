import { describe, expect, test } from 'vitest';
import { argsort, ranksOf } from '../../../server/src/metrics/order.js';
import { randomFrom } from '../../../server/src/random.js';

describe('sorting places by values', () => {
  const random = randomFrom(3);
  const numbers = Array.from({ length: 3000 }, (_, n) =>
    n % 7 === 0 ? Math.round(4 * random.uniform() - 2) : (random.uniform() - 0.5) * 10 ** (20 * random.uniform() - 10),
  );
  numbers[5] = 0;
  numbers[6] = -0;
  numbers[11] = Infinity;
  numbers[12] = -Infinity;

  test.each([Float32Array, Float64Array])('%o rises, equal values in the order of their places', (Column) => {
    const values = Column.from(numbers);
    const expected = [...values.keys()].sort((a, b) => (values[a]! === values[b]! ? a - b : values[a]! - values[b]!));
    expect(Array.from(argsort(values))).toEqual(expected);
  });

  test('equal values keep the order that is given', () => {
    expect(Array.from(argsort(Float32Array.of(1, 0, 1, 0), Int32Array.of(3, 2, 1, 0)))).toEqual([3, 1, 2, 0]);
  });

  test('what is no number comes last, whatever its sign', () => {
    const values = Float64Array.of(Number.NaN, 2, -Number.NaN, Infinity, -3);
    expect(Array.from(argsort(values)).slice(0, 3)).toEqual([4, 1, 3]);
    expect(Array.from(argsort(Float32Array.from(values))).slice(0, 3)).toEqual([4, 1, 3]);
  });

  test('of nothing, of one, and of equal values', () => {
    expect(Array.from(argsort(new Float32Array()))).toEqual([]);
    expect(Array.from(argsort(Float64Array.of(7)))).toEqual([0]);
    expect(Array.from(argsort(new Float64Array(5).fill(0.1)))).toEqual([0, 1, 2, 3, 4]);
  });

  test('ranks are shared by equal values, as scipy.stats.rankdata has them', () => {
    expect(Array.from(ranksOf(Float64Array.of(0, 2, 3, 2)))).toEqual([1, 2.5, 4, 2.5]);
  });
});
