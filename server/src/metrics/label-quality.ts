import { normalisedEntropy } from './entropy.js';

/**
 * How well a predicted distribution `p` `[C]` supports the given label `y`: 1 is support, 0 a likely mistake.
 * The scores of cleanlab (`cleanlab.rank`), https://docs.cleanlab.ai.
 */

/** p_y: in [0, 1]. */
export function selfConfidence(p: ArrayLike<number>, y: number): number {
  return p[y];
}

/** (p_y - max over k != y of p_k + 1) / 2: in [0, 1], 1/2 where the label ties with the best other class. */
export function normalisedMargin(p: ArrayLike<number>, y: number): number {
  let other = 0;
  for (let k = 0; k < p.length; k++) if (k !== y && p[k] > other) other = p[k];
  return Math.min(1, Math.max(0, (p[y] - other + 1) / 2));
}

/** cleanlab's lower bound (`MIN_ALLOWED`) of p_y and of the s that it divides by. */
const smallestDivisor = 1e-6;

/**
 * log(1 + s) / max(s, 1e-6) with s = normalised entropy / max(p_y, 1e-6): in [0, 1). cleanlab's values, its ends
 * included: a prediction that is certain (s = 0) scores 0, the worst, be it of the given label or of another. A certain
 * and correct one has a self-confidence of 1, which tells it apart.
 */
export function confidenceWeightedEntropy(p: ArrayLike<number>, y: number): number {
  const s = normalisedEntropy(p) / Math.max(p[y], smallestDivisor);
  return Math.log1p(s) / Math.max(s, smallestDivisor);
}
