import { describe, expect, test } from 'vitest';
import { nearestPoints } from '../../../server/src/metrics/nearest-points.js';
import { principalComponents, project } from '../../../server/src/metrics/principal-components.js';
import { randomFrom } from '../../../server/src/random.js';

/** Variance 9 along (3, 4) / 5, 1 across it, none elsewhere: the answer by hand. */
const plane = (): Float32Array => {
  const rows: number[] = [];
  for (const [along, across] of [
    [3, 1],
    [3, -1],
    [-3, 1],
    [-3, -1],
  ])
    rows.push(10 + 0.6 * along! - 0.8 * across!, 20 + 0.8 * along! + 0.6 * across!, 5);
  return Float32Array.from(rows);
};

describe('principal components', () => {
  test('are the directions of most variance, with its shares, by hand', () => {
    const { mean, directions, shares } = principalComponents(plane(), 3, { count: 3, seed: 1 });
    expect([...mean]).toEqual([10, 20, 5].map((value) => expect.closeTo(value, 5)));
    expect(directions).toHaveLength(2);
    expect([...directions[0]!]).toEqual([0.6, 0.8, 0].map((value) => expect.closeTo(value, 6)));
    expect([...directions[1]!]).toEqual([0.8, -0.6, 0].map((value) => expect.closeTo(value, 6)));
    expect(shares).toEqual([expect.closeTo(0.9, 6), expect.closeTo(0.1, 6)]);
  });

  test('keep distances where nothing is left out, and give the same bits for the same seed', () => {
    const random = randomFrom(5);
    const rows = Float32Array.from({ length: 60 * 6 }, () => random.uniform());
    const found = principalComponents(rows, 6, { count: 6, seed: 2 });
    const points = project(rows, 6, found);
    const distance = (values: Float32Array, a: number, b: number): number =>
      Math.hypot(...Array.from({ length: 6 }, (_, d) => values[a * 6 + d]! - values[b * 6 + d]!));
    for (let n = 1; n < 60; n++) expect(distance(points, 0, n)).toBeCloseTo(distance(rows, 0, n), 4);
    expect(project(rows, 6, principalComponents(rows, 6, { count: 6, seed: 2 }))).toEqual(points);
  });

  test('of rows that are all alike are none', () => {
    const found = principalComponents(new Float32Array(12).fill(2), 3, { count: 2, seed: 1 });
    expect(found.directions).toEqual([]);
    expect(project(new Float32Array(12).fill(2), 3, found)).toHaveLength(0);
  });
});

describe('nearest points', () => {
  test('are those of a full sort, ties by row, without the point itself and unknown ones', () => {
    const random = randomFrom(9);
    const points = Float32Array.from({ length: 500 * 8 }, () => Math.round(random.uniform() * 3));
    points.fill(Number.NaN, 80, 88);
    const of = points.slice(40, 48);
    const all = Array.from({ length: 500 }, (_, row) => ({
      row,
      distance: Math.hypot(...Array.from(of, (value, k) => value - points[row * 8 + k]!)),
    }))
      .filter(({ row, distance }) => row !== 5 && !Number.isNaN(distance))
      .sort((a, b) => a.distance - b.distance || a.row - b.row)
      .slice(0, 12);
    const found = nearestPoints(points, of, 12, 5);
    expect(found.map(({ row }) => row)).toEqual(all.map(({ row }) => row));
    found.forEach(({ distance }, n) => expect(distance).toBeCloseTo(all[n]!.distance, 6));
  });
});
