import { describe, expect, test } from 'vitest';
import { mean, percentile, summarise } from '../../../server/src/metrics/summary.js';

const values = [0.31, 0.77, 0.05, 0.5, 0.5, 0.93, 0.12];

describe('percentile', () => {
  test('interpolates as numpy.percentile does', () => {
    const expected = { 5: 0.071, 25: 0.215, 50: 0.5, 95: 0.882, 100: 0.93, 0: 0.05 };
    for (const [percent, value] of Object.entries(expected))
      expect(percentile(values, Number(percent))).toBeCloseTo(value, 14);
  });

  test('of one value is that value', () => {
    for (const percent of [0, 5, 50, 100]) expect(percentile([0.4], percent)).toBe(0.4);
  });
});

describe('summary', () => {
  test('holds mean, extremes and 5th and 95th percentile, and leaves its input in order', () => {
    const input = Float64Array.from(values);
    const summary = summarise(input);
    expect(summary.mean).toBeCloseTo(0.4542857142857143, 14);
    expect(summary.p5).toBeCloseTo(0.071, 14);
    expect(summary.p95).toBeCloseTo(0.882, 14);
    expect([summary.minimum, summary.maximum]).toEqual([0.05, 0.93]);
    expect([...input]).toEqual(values);
  });

  test('sorts numbers by size, not by their digits', () => {
    expect(percentile([10, 9, 100, 1], 100)).toBe(100);
  });

  test('of nothing has no mean', () => {
    expect(mean([])).toBeNaN();
  });
});
