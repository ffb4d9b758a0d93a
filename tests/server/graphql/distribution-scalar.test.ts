import { expect, test } from 'vitest';
import { DistributionScalar } from '../../../server/src/graphql/scalars.js';
import { randomFrom } from '../../../server/src/random.js';

test('a distribution is written with fewer digits and read as the same float32 numbers', () => {
  const random = randomFrom(7);
  const exponents = Array.from({ length: 20_000 }, () => Math.fround(10 ** (-12 * random.uniform())));
  const edges = [0, 1, 0.0625, Math.fround(0.1), Math.fround(1e-30), 1 - 2 ** -24, 2 ** -149];
  const vector = Float32Array.from([...edges, ...exponents]);
  const written = JSON.stringify(DistributionScalar.serialize(vector));
  expect(Float32Array.from(JSON.parse(written) as number[])).toEqual(vector);
  expect(written.length).toBeLessThan(JSON.stringify(Array.from(vector)).length);
});

test('common probabilities take at most eleven characters', () => {
  const vector = Float32Array.from({ length: 900 }, (_, n) => (n + 100) / 1000 + 1 / 7000);
  for (const value of DistributionScalar.serialize(vector)) expect(String(value).length).toBeLessThanOrEqual(11);
});
