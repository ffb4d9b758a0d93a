import { describe, expect, test } from 'vitest';
import { holm, pairedSeeds, seedsToDecide, wilcoxonSignedRank } from '../../../server/src/metrics/paired-seeds.js';

const differences = [0.012, -0.004, 0.021, 0.008, 0.015, 0.003, -0.001];

describe('differences paired by seed', () => {
  test('have the mean, deviation, t interval and p values of scipy', () => {
    const found = pairedSeeds(differences, 1);
    // scipy 1.10.1: ttest_1samp, t.interval, wilcoxon(mode='exact').
    expect(found.deviation).toBeCloseTo(0.00897615889851715, 12);
    expect(found.interval!.low).toBeCloseTo(-0.0005872766712510906, 9);
    expect(found.interval!.high).toBeCloseTo(0.01601584809982252, 9);
    expect(found.t).toBeCloseTo(0.06333553946435276, 10);
    expect(found.wilcoxon).toBeCloseTo(0.109375, 12);
    expect(found.leastP).toBe(1 / 64);
  });

  test('have a bootstrap interval that is seeded, holds the mean, and is narrower than the t interval', () => {
    const { mean, bootstrap, interval } = pairedSeeds(differences, 1);
    expect(pairedSeeds(differences, 1).bootstrap).toEqual(bootstrap);
    expect(bootstrap!.low).toBeLessThan(mean);
    expect(bootstrap!.high).toBeGreaterThan(mean);
    expect(bootstrap!.high - bootstrap!.low).toBeLessThan(interval!.high - interval!.low);
  });

  test('of two seeds are not tested', () => {
    const found = pairedSeeds([0.1, 0.2], 1);
    expect(found.mean).toBeCloseTo(0.15, 12);
    expect(found).toMatchObject({ pairs: 2, interval: null, bootstrap: null, wilcoxon: null, t: null });
    expect(pairedSeeds([0.1], 1)).toMatchObject({ mean: 0.1, deviation: null, wilcoxon: null });
  });

  test('that are all the same have no t test, and with five pairs Wilcoxon cannot go below 0.0625', () => {
    expect(pairedSeeds([0.1, 0.1, 0.1, 0.1, 0.1], 1)).toMatchObject({ wilcoxon: 0.0625, leastP: 0.0625 });
    expect(pairedSeeds([0, 0, 0], 1)).toMatchObject({ t: null, wilcoxon: 1, leastP: 1 });
  });
});

test('ties get their exact distribution: as counted over all 64 choices of signs', () => {
  expect(wilcoxonSignedRank([0.01, 0.01, -0.01, 0.02, 0.02, 0.03])).toBeCloseTo(0.125, 12);
});

test('Holm multiplies the least p by all comparisons, the next by one less, and never goes down', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
});

test.each([
  // By scipy's noncentral t distribution: 34, 10, 5 and 199.
  [0.5, 34],
  [1, 10],
  [2, 5],
  [0.2, 199],
])('a difference of %d deviations is decided by about %i seeds', (difference, seeds) => {
  expect(Math.abs(seedsToDecide(difference, 1)! - seeds)).toBeLessThanOrEqual(1);
});

test('no difference is never decided', () => {
  expect(seedsToDecide(0, 1)).toBeNull();
});
