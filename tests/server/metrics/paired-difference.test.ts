import { describe, expect, test } from 'vitest';
import { pairedDifference } from '../../../server/src/metrics/paired-difference.js';

describe('the difference of two predictors on the same samples', () => {
  test('is none, and surely chance, where as many were mended as broken', () => {
    const { difference, low, high, p } = pairedDifference(5, 5, 100)!;
    expect(difference).toBe(0);
    expect(low).toBeCloseTo(-high, 12);
    expect(p).toBe(1);
  });

  test('has the exact p of McNemar: 2 P(X <= 2) of ten coins is 0.109375', () => {
    expect(pairedDifference(8, 2, 50)!.p).toBeCloseTo(0.109375, 12);
    expect(pairedDifference(0, 6, 50)!.p).toBeCloseTo(2 / 64, 12);
    expect(pairedDifference(0, 0, 50)!.p).toBe(1);
  });

  test('has the interval of Agresti and Min', () => {
    // Half a sample more in each cell: (12.5 - 4.5) / 102, and the deviation of it.
    const { low, high, difference } = pairedDifference(12, 4, 100)!;
    const deviation = Math.sqrt(17 - 64 / 102) / 102;
    expect(difference).toBeCloseTo(0.08, 12);
    expect(low).toBeCloseTo(8 / 102 - 1.959963984540054 * deviation, 12);
    expect(high).toBeCloseTo(8 / 102 + 1.959963984540054 * deviation, 12);
  });

  test('stays a number for a hundred thousand disagreements, and is null for no sample', () => {
    const { p, low, high } = pairedDifference(50_100, 49_900, 300_000)!;
    expect(p).toBeGreaterThan(0.5);
    expect(p).toBeLessThan(0.55);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    expect(pairedDifference(0, 0, 0)).toBeNull();
  });
});
