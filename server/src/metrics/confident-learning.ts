import { argmax } from './argmax.js';

/**
 * Confident learning (Northcutt et al., arXiv 1911.00068): which given labels are likely wrong, and what they should
 * be. Distributions are `[N * C]` row-major, labels `[N]`.
 */

/**
 * What counts where the probabilities of several classes reach their thresholds: CLEANLAB the highest class of all
 * (cleanlab 2, `compute_confident_joint`), NORTHCUTT the highest of those that reach theirs (the paper's equation 1).
 */
export type ConfidentRule = 'CLEANLAB' | 'NORTHCUTT';

/** cleanlab's `CONFIDENT_THRESHOLDS_LOWER_BOUND`: keeps a class that nothing is predicted as from being confident of all. */
const lowestThreshold = 2e-6;
/** cleanlab compares with `thresholds - 1e-6`: a probability that is the mean up to rounding reaches it. */
const tolerance = 1e-6;

/**
 * t_j, `[C]`: the mean of p_j over the samples labelled j, at least 2e-6. NaN for a class without samples: nothing is
 * confidently of it.
 */
export function confidentThresholds(
  distributions: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let n = 0; n < labels.length; n++) {
    sums[labels[n]] += distributions[n * classes + labels[n]];
    counts[labels[n]]++;
  }
  return sums.map((sum, k) => thresholdOf(sum, counts[k]));
}

/** The threshold of a class from the sum of p_j over its samples and their number; NaN without samples. */
export function thresholdOf(sum: number, samples: number): number {
  return samples > 0 ? Math.max(lowestThreshold, sum / samples) : Number.NaN;
}

/** Where a sample with distribution `p` `[C]` counts in the confident joint; -1 where no class reaches its threshold. */
export function confidentClass(p: ArrayLike<number>, thresholds: ArrayLike<number>, rule: ConfidentRule): number {
  let best = -1;
  let reaching = 0;
  for (let k = 0; k < p.length; k++) {
    if (!(p[k] >= thresholds[k] - tolerance)) continue;
    reaching++;
    if (best < 0 || p[k] > p[best]) best = k;
  }
  return rule === 'CLEANLAB' && reaching > 1 ? argmax(p) : best;
}

/** The same of N samples, `[N]`. */
export function confidentClasses(
  distributions: ArrayLike<number>,
  thresholds: ArrayLike<number>,
  rule: ConfidentRule = 'CLEANLAB',
): Int16Array {
  const classes = thresholds.length;
  const p = new Float64Array(classes);
  return Int16Array.from({ length: distributions.length / classes }, (_, n) => {
    for (let k = 0; k < classes; k++) p[k] = distributions[n * classes + k];
    return confidentClass(p, thresholds, rule);
  });
}

/**
 * What the label `y` should be instead: the confident class where it is another and `y` is not the prediction either
 * (cleanlab removes such samples from its issues); -1 where the label is not suspected.
 */
export function suggestedClass(
  p: ArrayLike<number>,
  y: number,
  thresholds: ArrayLike<number>,
  rule: ConfidentRule = 'CLEANLAB',
): number {
  const confident = confidentClass(p, thresholds, rule);
  return confident < 0 || confident === y || argmax(p) === y ? -1 : confident;
}

/** `counts[i][j]`: samples labelled i that are confidently of class j, `[C][C]`. */
export function confidentJoint(labels: ArrayLike<number>, confident: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let n = 0; n < labels.length; n++) if (confident[n] >= 0) counts[labels[n]][confident[n]]++;
  return counts;
}
