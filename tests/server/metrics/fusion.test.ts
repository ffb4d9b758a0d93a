import { describe, expect, test } from 'vitest';
import { fusedDistribution, fusionWeight, meanAttention } from '../../../server/src/metrics/fusion.js';
import { forRandomPairs } from './distributions.support.js';

const paper = { minimum: 0.2, maximum: 1 };

describe('fusion weight', () => {
  test('scales the range of w onto [w_min, w_max]', () => {
    expect(fusionWeight(0.3, [0.3, 0.7], paper)).toBeCloseTo(0.2, 15);
    expect(fusionWeight(0.5, [0.3, 0.7], paper)).toBeCloseTo(0.6, 15);
    expect(fusionWeight(0.7, [0.3, 0.7], paper)).toBeCloseTo(1, 15);
    expect(fusionWeight(0.6, [0.3, 0.7], { minimum: 0, maximum: 0.4 })).toBeCloseTo(0.3, 15);
  });

  test('is w_max where all w are equal: nothing tells the samples apart', () => {
    expect(fusionWeight(0.42, [0.42, 0.42], paper)).toBe(1);
    expect(fusionWeight(0.42, [0.42, 0.42], { minimum: 0.1, maximum: 0.5 })).toBe(0.5);
  });

  test('never leaves its bounds by rounding', () => {
    const bounds = { minimum: 0.2, maximum: 0.7 };
    for (let n = 0; n < 2000; n++) {
      const [low, high] = [n / 7919, n / 7919 + (n + 1) / 3001];
      for (const w of [low, high, low + (high - low) / 3]) {
        expect(fusionWeight(w, [low, high], bounds)).toBeGreaterThanOrEqual(0.2);
        expect(fusionWeight(w, [low, high], bounds)).toBeLessThanOrEqual(0.7);
      }
    }
  });

  test('takes the mean attention of the two branches', () => {
    expect(meanAttention(0.2, 0.6)).toBeCloseTo(0.4, 15);
  });
});

describe('fused distribution', () => {
  test('is (1 - v) p + v L[y]', () => {
    const fused = fusedDistribution([0.6, 0.3, 0.1], [0.8, 0.1, 0.1], 0.25);
    [0.65, 0.25, 0.1].forEach((value, k) => expect(fused[k]).toBeCloseTo(value, 15));
  });

  test('is the label distribution at v = 0 and the class distribution at v = 1', () => {
    expect(fusedDistribution([0.6, 0.4], [0.1, 0.9], 0)).toEqual([0.6, 0.4]);
    expect(fusedDistribution([0.6, 0.4], [0.1, 0.9], 1)).toEqual([0.1, 0.9]);
  });

  test('sums to 1 and lies between its two parts in every class', () => {
    forRandomPairs(200, (p, row, random) => {
      const fused = fusedDistribution(p, row, random.uniform());
      expect(fused.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      fused.forEach((value, k) => {
        expect(value).toBeGreaterThanOrEqual(Math.min(p[k]!, row[k]!) - 1e-15);
        expect(value).toBeLessThanOrEqual(Math.max(p[k]!, row[k]!) + 1e-15);
      });
    });
  });
});
