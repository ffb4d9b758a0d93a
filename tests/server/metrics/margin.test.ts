import { describe, expect, test } from 'vitest';
import { argmax } from '../../../server/src/metrics/argmax.js';
import { ambiguityRatio, margin } from '../../../server/src/metrics/margin.js';
import { shuffle } from '../../../server/src/random.js';
import { forRandomPairs, oneHot, permuted, uniform } from './distributions.support.js';

describe('margin and ambiguity ratio', () => {
  test('compare the two highest values, wherever they stand', () => {
    expect(margin([0.1, 0.6, 0.3])).toBeCloseTo(0.3, 15);
    expect(ambiguityRatio([0.1, 0.6, 0.3])).toBeCloseTo(0.5, 15);
    expect(margin([0.3, 0.1, 0.6])).toBeCloseTo(0.3, 15);
  });

  test('of a tie are 0 and 1', () => {
    expect(margin([0.4, 0.2, 0.4])).toBe(0);
    expect(ambiguityRatio([0.4, 0.2, 0.4])).toBe(1);
    expect(margin(uniform(7))).toBe(0);
  });

  test('of certainty are 1 and 0', () => {
    expect(margin(oneHot(5, 4))).toBe(1);
    expect(ambiguityRatio(oneHot(5, 4))).toBe(0);
  });

  test('lie in [0, 1] and do not depend on the order of the classes', () => {
    forRandomPairs(300, (u, _, random) => {
      const other = permuted(u, shuffle([...u.keys()], random));
      for (const measure of [margin, ambiguityRatio]) {
        expect(measure(u)).toBeGreaterThanOrEqual(0);
        expect(measure(u)).toBeLessThanOrEqual(1);
        expect(measure(other)).toBe(measure(u));
      }
    });
  });
});

describe('argmax', () => {
  test('of equal values is the lowest index', () => {
    expect(argmax([0.2, 0.4, 0.4])).toBe(1);
    expect(argmax(uniform(4))).toBe(0);
    expect(argmax([0, 0, 1])).toBe(2);
  });

  test('follows a permutation of distinct values', () => {
    const u = [0.1, 0.2, 0.3, 0.4];
    expect(permuted(u, [3, 1, 0, 2])[argmax(permuted(u, [3, 1, 0, 2]))]).toBe(0.4);
  });
});
