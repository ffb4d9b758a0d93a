import { describe, expect, it } from 'vitest';
import {
  initialClassDistributions,
  mineClassDistributions,
  type MiningInput,
} from '../../../server/src/ada-df/class-distributions.js';
import { expectClose } from './running-engine.js';

/** Class 0 has mean [0.8, 0.15, 0.05], class 1 [0.35, 0.4, 0.25], class 2 no samples. */
const input: MiningInput = {
  labels: [0, 1, 0, 1],
  labelDistributions: Float32Array.from([0.9, 0.05, 0.05, 0.4, 0.5, 0.1, 0.7, 0.25, 0.05, 0.3, 0.3, 0.4]),
  classes: 3,
  threshold: 0.7,
  fallback: 'normalised',
};
const rowsOf = (rows: Float32Array): number[][] => [0, 1, 2].map((i) => Array.from(rows.subarray(3 * i, 3 * i + 3)));
const sum = (row: number[]): number => row.reduce((total, value) => total + value, 0);

describe('class distributions before the first epoch', () => {
  it('have t on the diagonal and share the rest evenly', () => {
    expectClose(initialClassDistributions(3, 0.7), [0.7, 0.15, 0.15, 0.15, 0.7, 0.15, 0.15, 0.15, 0.7]);
  });
});

describe('mining of class distributions', () => {
  it('takes the mean label distribution of a class whose own share reaches t', () => {
    const mined = mineClassDistributions(input);
    expectClose(rowsOf(mined.rows)[0]!, [0.8, 0.15, 0.05]);
    expect(mined.fallbackRows[0]).toBe(false);
  });

  it('keeps a given row as it is, neither mined, fallen back nor sharpened, from before the first epoch on', () => {
    const replaced = [{ class: 1, distribution: [0.25, 0.5, 0.25] }];
    const mined = mineClassDistributions({ ...input, sharpening: 0.5, replaced });
    expectClose(rowsOf(mined.rows)[1]!, [0.25, 0.5, 0.25]);
    expect(mined.fallbackRows).toEqual([false, false, true]);
    expectClose(rowsOf(initialClassDistributions(3, 0.7, replaced))[1]!, [0.25, 0.5, 0.25]);
    expectClose(rowsOf(initialClassDistributions(3, 0.7, replaced))[0]!, [0.7, 0.15, 0.15]);
  });

  it('accepts a mean of exactly t', () => {
    const mined = mineClassDistributions({
      ...input,
      threshold: 0.5,
      labels: [0],
      labelDistributions: Float32Array.from([0.5, 0.25, 0.25]),
    });
    expect(mined.fallbackRows).toEqual([false, true, true]);
  });

  it('falls back to a row that sums to 1 where the own share is below t', () => {
    const mined = mineClassDistributions(input);
    expectClose(rowsOf(mined.rows)[1]!, [0.15, 0.7, 0.15]);
    expect(mined.fallbackRows[1]).toBe(true);
  });

  it("falls back to the authors' 0.4 / (C - 1), summing to t + 0.4, as reference", () => {
    const { rows, fallbackRows } = mineClassDistributions({ ...input, fallback: 'reference' });
    expectClose(rowsOf(rows)[1]!, [0.2, 0.7, 0.2]);
    expect(sum(rowsOf(rows)[1]!)).toBeCloseTo(1.1, 6);
    expect(fallbackRows[1]).toBe(true);
  });

  it.each(['normalised', 'reference'] as const)(
    'gives a class without samples the fallback row and a count of 0, never NaN (%s)',
    (fallback) => {
      const { rows, fallbackRows, classCounts } = mineClassDistributions({ ...input, fallback });
      const other = fallback === 'normalised' ? 0.15 : 0.2;
      expectClose(rowsOf(rows)[2]!, [other, other, 0.7]);
      expect(fallbackRows[2]).toBe(true);
      expect(classCounts).toEqual([2, 2, 0]);
    },
  );

  it('sharpens to L^(1/T) with rows that sum to 1', () => {
    const rows = rowsOf(mineClassDistributions({ ...input, sharpening: 0.5 }).rows);
    // Squares of 0.8, 0.15, 0.05 over their sum 0.665.
    expectClose(rows[0]!, [0.64 / 0.665, 0.0225 / 0.665, 0.0025 / 0.665]);
    for (const row of rows) expect(sum(row)).toBeCloseTo(1, 6);
  });

  it("divides column j by the sum of row j when it sharpens as reference, as the authors' code does", () => {
    const rows = rowsOf(mineClassDistributions({ ...input, sharpening: 0.5, fallback: 'reference' }).rows);
    // Sums of the squared rows: 0.665, and 0.49 + 2 * 0.04 = 0.57 twice.
    expectClose(rows[0]!, [0.64 / 0.665, 0.0225 / 0.57, 0.0025 / 0.57]);
    expectClose(rows[1]!, [0.04 / 0.665, 0.49 / 0.57, 0.04 / 0.57]);
  });

  it('names sample and label of a label that is no class', () => {
    expect(() => mineClassDistributions({ ...input, labels: [0, 1, 3, 1] })).toThrow(
      'Label of sample 2: expected a class in [0, 3), found 3.',
    );
  });
});
