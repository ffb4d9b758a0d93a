import { normalisedEntropy } from './entropy.js';

/**
 * How well a predicted distribution `p` `[C]` supports the given label `y`: 1 is support, 0 a likely mistake.
 * The scores of cleanlab (`cleanlab.rank`), https://docs.cleanlab.ai.
 */

/** p_y: in [0, 1]. */
export function selfConfidence(p: ArrayLike<number>, y: number): number {
  return p[y]!;
}

/** (p_y - max over k != y of p_k + 1) / 2: in [0, 1], 1/2 where the label ties with the best other class. */
export function normalisedMargin(p: ArrayLike<number>, y: number): number {
  let other = 0;
  for (let k = 0; k < p.length; k++) if (k !== y && p[k]! > other) other = p[k]!;
  return (p[y]! - other + 1) / 2;
}

/** cleanlab's lower bound of p_y, which keeps s finite. */
const smallestSelfConfidence = 1e-6;

/**
 * log(1 + s) / s with s = normalised entropy / p_y: in (0, 1].
 * At s = 0 this is the limit, 1. cleanlab divides by max(s, 1e-6) instead, and so gives a certain, correct sample 0,
 * its worst score.
 */
export function confidenceWeightedEntropy(p: ArrayLike<number>, y: number): number {
  const s = normalisedEntropy(p) / Math.max(p[y]!, smallestSelfConfidence);
  return s > 0 ? Math.log1p(s) / s : 1;
}
