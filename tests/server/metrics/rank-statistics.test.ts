import { describe, expect, test } from 'vitest';
import golden from '../../fixtures/metrics/rank-statistics.json' with { type: 'json' };
import {
  auroc,
  averagePrecision,
  kendall,
  outerThirds,
  spearman,
} from '../../../server/src/metrics/rank-statistics.js';
import { reviewsNeeded } from '../../../server/src/metrics/review-budget.js';
import { calibrateJoint, noiseRates, wrongLabels } from '../../../server/src/metrics/noise-rates.js';

describe('rank statistics', () => {
  test.each(golden)('of case $name are those of their definitions', (one) => {
    const [x, y] = [Float64Array.from(one.x), Float64Array.from(one.y)];
    expect(spearman(x, y)).toBeCloseTo(one.spearman, 12);
    expect(kendall(x, y)).toBeCloseTo(one.kendall, 12);
    expect(auroc(x, one.positive)).toBeCloseTo(one.auroc, 12);
    expect(averagePrecision(x, one.positive)).toBeCloseTo(one.averagePrecision, 12);
  });

  test('of constants, of one kind, of one sample and of none are unknown, never NaN', () => {
    const same = new Float64Array(5).fill(2);
    const rising = Float64Array.of(1, 2, 3, 4, 5);
    expect([spearman(same, rising), kendall(rising, same)]).toEqual([null, null]);
    expect([auroc(rising, [1, 1, 1, 1, 1]), auroc(rising, [0, 0, 0, 0, 0])]).toEqual([null, null]);
    expect(averagePrecision(rising, [0, 0, 0, 0, 0])).toBeNull();
    expect([spearman(Float64Array.of(1), Float64Array.of(1)), kendall(Float64Array.of(1), Float64Array.of(1))]).toEqual(
      [null, null],
    );
    expect(spearman(new Float64Array(), new Float64Array())).toBeNull();
  });

  test('turn their sign with the order, and do not change with a rising function', () => {
    const x = Float64Array.of(0.3, 0.1, 0.9, 0.4, 0.4, 0.7);
    const y = Float64Array.of(1, 0, 5, 2, 3, 3);
    const turned = x.map((value) => -value);
    const risen = x.map((value) => Math.exp(3 * value));
    for (const correlation of [spearman, kendall]) {
      expect(correlation(turned, y)).toBeCloseTo(-correlation(x, y)!, 12);
      expect(correlation(risen, y)).toBeCloseTo(correlation(x, y)!, 12);
    }
    expect(auroc(turned, [0, 0, 1, 0, 1, 1])! + auroc(x, [0, 0, 1, 0, 1, 1])!).toBeCloseTo(1, 12);
  });

  test('outer thirds leave the middle out', () => {
    const { places, top } = outerThirds(Float64Array.of(5, 1, 3, 2, 4, 6, 7));
    expect([...places].map((place, n) => [place, top[n]])).toEqual([
      [1, 0],
      [3, 0],
      [5, 1],
      [6, 1],
    ]);
  });
});

describe('a review budget', () => {
  test('counts the samples looked at until a share of the wrong labels is found', () => {
    const scores = Float64Array.of(0.9, 0.8, 0.7, 0.6, 0.5, 0.4);
    const wrong = [1, 0, 1, 0, 0, 1];
    expect([0.3, 0.5, 0.8, 1].map((share) => reviewsNeeded(scores, wrong, share))).toEqual([1, 3, 6, 6]);
    expect(reviewsNeeded(scores, [0, 0, 0, 0, 0, 0], 0.5)).toBeNull();
  });

  test('ranks 70,000 samples', () => {
    const scores = Float64Array.from({ length: 70_000 }, (_, n) => ((n * 7919) % 70_000) / 70_000);
    const wrong = Uint8Array.from({ length: 70_000 }, (_, n) => Number(n % 5 === 0));
    expect(reviewsNeeded(scores, wrong, 0.5)).toBeGreaterThan(30_000);
  });
});

describe('the calibrated confident joint', () => {
  const joint = [
    [8, 2, 0],
    [1, 3, 0],
    [0, 0, 0],
  ];
  test('has the labels as its row sums, and a class without a confident sample keeps its label', () => {
    const calibrated = calibrateJoint(joint, [20, 10, 5]);
    expect(calibrated.map((row) => row.reduce((sum, count) => sum + count, 0))).toEqual([20, 10, 5]);
    expect(calibrated).toEqual([
      [16, 4, 0],
      [2.5, 7.5, 0],
      [0, 0, 5],
    ]);
    expect(wrongLabels(calibrated)).toBe(6.5);
    expect(noiseRates(calibrated)).toEqual([1 - 16 / 18.5, 1 - 7.5 / 11.5, 0]);
  });
});
