import { describe, expect, test } from 'vitest';
import {
  type ArmValues,
  decidedBest,
  ExperimentMeasure,
  resultsOf,
} from '../../../server/src/experiments/experiment-results.js';
import { tableOf, TableFormat } from '../../../server/src/experiments/experiment-tables.js';

const arm = (name: string, values: readonly (number | null)[], baseline = 'a'): ArmValues => ({
  arm: name,
  baseline,
  values: values.map((value, n) => ({ seed: n + 1, value })),
});
const baseline = arm('a', [0.5, 0.52, 0.54, 0.51, 0.53]);
const better = arm('b', [0.6, 0.63, 0.635, 0.615, 0.62]);
const same = arm('c', [0.51, 0.51, 0.55, 0.5, 0.53]);

describe('the arms of an experiment', () => {
  test('are compared with their baseline on the same seeds, and p is corrected for how many are', () => {
    const [first, second, third] = resultsOf([baseline, better, same]);
    expect(first).toMatchObject({ difference: null, tHolm: null, seedsToDecide: null });
    expect(first.mean).toBeCloseTo(0.52, 12);
    expect(second.difference!.mean).toBeCloseTo(0.1, 12);
    expect(second.tHolm).toBeCloseTo(2 * second.difference!.t!, 12);
    expect(second.difference!.wilcoxon).toBe(0.0625);
    expect(third.tHolm).toBeCloseTo(third.difference!.t!, 12);
    expect(second.seedsToDecide).toBeLessThan(third.seedsToDecide ?? Infinity);
  });

  test('leave holes out: only seeds that both have are pairs', () => {
    const [, holed] = resultsOf([baseline, arm('b', [0.6, null, 0.64, 0.61, null])]);
    expect(holed.difference!.pairs).toBe(3);
    expect(holed.mean).toBeCloseTo((0.6 + 0.64 + 0.61) / 3, 12);
    const [, empty] = resultsOf([baseline, arm('b', [null, null])]);
    expect(empty).toMatchObject({ mean: null, difference: null });
  });

  test('of two seeds are not tested', () => {
    const [, second] = resultsOf([arm('a', [0.5, 0.6]), arm('b', [0.6, 0.7])]);
    expect(second).toMatchObject({ tHolm: null, wilcoxonHolm: null });
    expect(second.difference).toMatchObject({ pairs: 2, t: null, interval: null });
  });

  test('have a best one only where every other is worse beyond chance', () => {
    expect(decidedBest([baseline, better, same], true)).toBe('b');
    expect(decidedBest([baseline, same], true)).toBeNull();
    expect(decidedBest([baseline, better, same], false)).toBeNull();
    expect(decidedBest([arm('a', [0.5]), arm('b', [0.9])], true)).toBeNull();
  });
});

describe('the table', () => {
  const results = resultsOf([baseline, better, arm('c_1 & d', [0.51, null, 0.55, 0.5, 0.53])]);

  test('in Markdown has mean ± deviation in per cent, the difference with its interval, and holes as "4 of 5"', () => {
    const lines = tableOf(results, ExperimentMeasure.ACCURACY, TableFormat.MARKDOWN).split('\n');
    expect(lines[0]).toBe('| arm | seeds | accuracy | less baseline | p |');
    expect(lines[2]).toBe('| a | 5 | 52.00 ± 1.58 |  |  |');
    expect(lines[3]).toMatch(/^\| b \| 5 \| \*\*62\.00 ± 1\.37\*\* \| \+10\.00 \[9\.02, 10\.98\] \| < 0\.001 \|$/);
    expect(lines[4]).toContain('| 4 of 5 |');
  });

  test('in LaTeX escapes what LaTeX reads, and in CSV has a line a run', () => {
    const latex = tableOf(results, ExperimentMeasure.ACCURACY, TableFormat.LATEX);
    expect(latex).toContain('c\\_1 \\& d & 4 of 5');
    expect(latex).toContain('\\textbf{62.00 $\\pm$ 1.37}');
    const lines = tableOf(results, ExperimentMeasure.ACCURACY, TableFormat.CSV).split('\n');
    expect(lines[1]).toBe('a,1,0.5');
    expect(lines.find((line) => line.startsWith('c_1 & d,2'))).toBe('c_1 & d,2,');
  });
});
