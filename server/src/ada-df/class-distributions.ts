import type { Fallback, GivenClassDistribution } from './config.js';

/** What the authors' code shares among the other classes of a fallback row, whatever t is. */
const referenceRemainder = 0.4;

/** L before the first epoch, `[C * C]` row-major: t on the diagonal, (1 - t) / (C - 1) elsewhere; given rows as given. */
export function initialClassDistributions(
  classes: number,
  threshold: number,
  replaced: readonly GivenClassDistribution[] | null = null,
): Float32Array {
  const rows = new Float32Array(classes * classes);
  for (let i = 0; i < classes; i++) rows.set(fallbackRow(i, classes, threshold, 'normalised'), i * classes);
  for (const { class: i, distribution } of replaced ?? []) rows.set(distribution, i * classes);
  return rows;
}

export interface MiningInput {
  /** y of every training sample, `[N]`. */
  labels: ArrayLike<number>;
  /** p of every training sample in evaluation mode, `[N * C]` row-major. */
  labelDistributions: Float32Array;
  classes: number;
  threshold: number;
  fallback: Fallback;
  /** Temperature T; null: off. */
  sharpening?: number | null;
  /** Default: the authors' where `fallback` is. */
  sharpeningAxis?: 'rows' | 'columns';
  /** Rows that are given: neither mined nor sharpened. */
  replaced?: readonly GivenClassDistribution[] | null;
}

export interface MinedClassDistributions {
  /** L, `[C * C]` row-major. */
  rows: Float32Array;
  /** `[C]`: the class fell back, because its mean was below t or because it has no samples. */
  fallbackRows: boolean[];
  /** Samples per class, `[C]`; 0 deserves a warning. */
  classCounts: number[];
}

/**
 * m_i = mean of p over the samples labelled i; L[i] = m_i where m_i[i] >= t, the fallback row otherwise; then
 * sharpening, then the rows that are given.
 */
export function mineClassDistributions({
  labels,
  labelDistributions,
  classes,
  threshold,
  fallback,
  sharpening = null,
  sharpeningAxis = fallback === 'reference' ? 'columns' : 'rows',
  replaced = null,
}: MiningInput): MinedClassDistributions {
  const { sums, classCounts } = sumByLabel(labels, labelDistributions, classes);
  const fallbackRows: boolean[] = [];
  const rows: number[][] = [];
  for (let i = 0; i < classes; i++) {
    const mean = sums[i].map((sum) => sum / classCounts[i]);
    const reliable = classCounts[i] > 0 && mean[i] >= threshold;
    fallbackRows.push(!reliable);
    rows.push(reliable ? mean : fallbackRow(i, classes, threshold, fallback));
  }
  const finished = sharpening === null ? rows : sharpen(rows, sharpening, sharpeningAxis);
  for (const { class: i, distribution } of replaced ?? []) {
    finished[i] = [...distribution];
    fallbackRows[i] = false;
  }
  return { rows: Float32Array.from(finished.flat()), fallbackRows, classCounts };
}

function sumByLabel(
  labels: ArrayLike<number>,
  labelDistributions: Float32Array,
  classes: number,
): { sums: number[][]; classCounts: number[] } {
  const sums = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const classCounts = new Array<number>(classes).fill(0);
  for (let sample = 0; sample < labels.length; sample++) {
    const label = labels[sample];
    const sum = sums[label];
    if (!sum) throw new Error(`Label of sample ${sample}: expected a class in [0, ${classes}), found ${label}.`);
    classCounts[label]++;
    for (let j = 0; j < classes; j++) sum[j] += labelDistributions[sample * classes + j];
  }
  return { sums, classCounts };
}

function fallbackRow(label: number, classes: number, threshold: number, fallback: Fallback): number[] {
  const remainder = fallback === 'reference' ? referenceRemainder : 1 - threshold;
  return Array.from({ length: classes }, (_, j) => (j === label ? threshold : remainder / (classes - 1)));
}

/** L^(1/T), each row divided by its sum; the authors' code divides each column j by the sum of row j instead. */
function sharpen(rows: number[][], temperature: number, axis: 'rows' | 'columns'): number[][] {
  const powers = rows.map((row) => row.map((value) => value ** (1 / temperature)));
  const rowSums = powers.map((row) => row.reduce((sum, value) => sum + value, 0));
  return powers.map((row, i) => row.map((value, j) => value / rowSums[axis === 'columns' ? j : i]));
}
