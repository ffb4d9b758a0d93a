import { expect, test } from 'vitest';
import { histogram } from '../../../server/src/metrics/histogram.js';
import { nearestRows, rootsOf } from '../../../server/src/metrics/nearest.js';
import { randomFrom } from '../../../server/src/random.js';

const root = Math.sqrt;

test('distances are those of Hellinger: 0 of equal, 1 of disjoint distributions', () => {
  const found = nearestRows(rootsOf(Float32Array.of(1, 0, 0, 1, 0.5, 0.5)), [1, 0], 3);
  expect(found.map(({ row }) => row)).toEqual([0, 2, 1]);
  expect(found[0]!.distance).toBe(0);
  expect(found[1]!.distance).toBeCloseTo(root(1 - root(0.5)), 6);
  expect(found[2]!.distance).toBeCloseTo(1, 6);
});

test('the nearest of many are those that sorting all of them gives, one left out', () => {
  const random = randomFrom(3);
  const rows = Float32Array.from({ length: 400 * 4 }, () => random.uniform());
  const of = Array.from(rows.subarray(4 * 17, 4 * 18));
  const all = Array.from({ length: 400 }, (_, row) => ({
    row,
    distance: root(of.reduce((sum, value, k) => sum + (value - rows[4 * row + k]!) ** 2, 0) / 2),
  }));
  const sorted = all.filter(({ row }) => row !== 17).sort((a, b) => a.distance - b.distance);
  expect(nearestRows(rows, of, 12, 17)).toEqual(sorted.slice(0, 12));
  expect(nearestRows(rows, of, 1000)).toHaveLength(400);
});

test('a histogram counts both ends, and nothing outside', () => {
  expect(histogram([0, 0.24, 0.25, 0.5, 0.99, 1, 1.01, -0.01, Number.NaN], 0, 1, 4)).toEqual([2, 1, 1, 2]);
  expect(histogram([2, 2, 3], 2, 2, 3)).toEqual([2, 0, 0]);
});
