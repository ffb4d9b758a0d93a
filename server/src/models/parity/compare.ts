import type { TensorSummary } from './reference-file.js';

/** How far one quantity of ours is from the reference's. */
export interface Comparison {
  /** `step 2 gradient norms`. */
  quantity: string;
  /** Largest error among the values compared; NaN when ours has a NaN. */
  error: number;
  /** Largest error that passes; null where none is agreed and the error is only reported. */
  tolerance: number | null;
  /** Which of several tensors has the largest error. */
  worst?: string;
}

export function passes({ error, tolerance }: Comparison): boolean {
  return tolerance === null || error <= tolerance;
}

/** |ours - theirs| over the largest magnitude in theirs (over 1 where theirs is all zero); the largest of them. */
export function relativeError(ours: ArrayLike<number | null>, theirs: ArrayLike<number | null>): number {
  if (ours.length !== theirs.length)
    throw new Error(`Expected ${theirs.length} values to compare, found ${ours.length}.`);
  let largest = 0;
  let magnitude = 0;
  for (let i = 0; i < theirs.length; i++) {
    // Math.max keeps a NaN, so a NaN of ours shows as the error. Null against a number is no match; null against null
    // is.
    if (ours[i] !== null || theirs[i] !== null)
      largest = Math.max(largest, Math.abs((ours[i] ?? NaN) - (theirs[i] ?? NaN)));
    magnitude = Math.max(magnitude, Math.abs(theirs[i] ?? 0));
  }
  return largest / (magnitude || 1);
}

/** L2 norm, sum and first five elements, in double precision. */
export function summarise(data: Float32Array): TensorSummary {
  const headLength = 5;
  let squares = 0;
  let sum = 0;
  for (const value of data) {
    squares += value * value;
    sum += value;
  }
  return { norm: Math.sqrt(squares), sum, head: Array.from(data.subarray(0, headLength)) };
}

/**
 * Norms against each other, sums relative to the norm, first elements relative to the largest of them. Only norms have
 * a tolerance.
 */
export function compareSummaries(
  what: string,
  ours: Map<string, TensorSummary>,
  theirs: Record<string, TensorSummary>,
  tolerance: number,
): Comparison[] {
  const errors: Record<'norms' | 'sums' | 'first elements', (mine: TensorSummary, reference: TensorSummary) => number> =
    {
      norms: (mine, reference) => relativeError([mine.norm], [reference.norm]),
      sums: (mine, reference) => Math.abs(mine.sum - reference.sum) / (reference.norm || 1),
      'first elements': (mine, reference) => relativeError(mine.head, reference.head),
    };
  return Object.entries(errors).map(([statistic, errorOf]) => {
    let error = 0;
    let worst: string | undefined;
    for (const [name, reference] of Object.entries(theirs)) {
      const found = errorOf(ours.get(name)!, reference);
      if (found > error || Number.isNaN(found)) [error, worst] = [found, name];
      if (Number.isNaN(error)) break;
    }
    return { quantity: `${what} ${statistic}`, error, tolerance: statistic === 'norms' ? tolerance : null, worst };
  });
}
