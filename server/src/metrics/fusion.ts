import { certainty } from './entropy.js';

/** w = (a1 + a2) / 2, the mean attention of a sample. */
export function meanAttention(auxiliary: number, target: number): number {
  return (auxiliary + target) / 2;
}

/** w_min and w_max of the fusion weight, and what is stretched between them. */
export interface FusionBounds {
  minimum: number;
  maximum: number;
  /** The attention w by default; CERTAINTY: how certain the label distribution is. */
  source?: 'ATTENTION' | 'CERTAINTY';
}

/** What is stretched to v: w, or how certain p `[C]` is. NaN where it follows from something that is not known. */
export function fusionScore(
  source: FusionBounds['source'],
  p: ArrayLike<number> | null,
  attention: { auxiliary: number; target: number },
): number {
  if (source === 'CERTAINTY') return p ? certainty(p) : Number.NaN;
  return meanAttention(attention.auxiliary, attention.target);
}

/**
 * v = (w - min w) / (max w - min w) * (w_max - w_min) + w_min, with `range` = [min w, max w] over the set that w is
 * compared with.
 * All equal (max w = min w): v = w_max, where the reference divides by zero. Rounding never leaves [w_min, w_max].
 */
export function fusionWeight(
  w: number,
  [lowest, highest]: readonly [number, number],
  { minimum, maximum }: FusionBounds,
): number {
  if (highest === lowest) return maximum;
  const v = ((w - lowest) / (highest - lowest)) * (maximum - minimum) + minimum;
  return Math.min(maximum, Math.max(minimum, v));
}

/** q = (1 - v) p + v L[y], `[C]`, from the label distribution p and the class distribution L[y]. */
export function fusedDistribution(p: ArrayLike<number>, classDistribution: ArrayLike<number>, v: number): number[] {
  return Array.from(p, (value, k) => (1 - v) * value + v * classDistribution[k]);
}
