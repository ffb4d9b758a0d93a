/**
 * Confident learning (Northcutt et al., arXiv 1911.00068): which given labels are likely wrong, and what they should
 * be. Distributions are
 * `[N * C]` row-major, labels `[N]`.
 */

/**
 * t_j, `[C]`: the mean of p_j over the samples labelled j. NaN for a class without samples: nothing is confidently of
 * it.
 */
export function confidentThresholds(
  distributions: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let n = 0; n < labels.length; n++) {
    sums[labels[n]!]! += distributions[n * classes + labels[n]!]!;
    counts[labels[n]!]!++;
  }
  return sums.map((sum, k) => sum / counts[k]!);
}

/**
 * Of the classes whose p reaches its threshold the most probable one, `[N]`: where a sample counts in the confident
 * joint; -1 where none does.
 */
export function confidentClasses(distributions: ArrayLike<number>, thresholds: ArrayLike<number>): Int16Array {
  const classes = thresholds.length;
  const samples = distributions.length / classes;
  return Int16Array.from({ length: samples }, (_, n) => {
    let best = -1;
    for (let k = 0; k < classes; k++) {
      const p = distributions[n * classes + k]!;
      if (p >= thresholds[k]! && (best < 0 || p > distributions[n * classes + best]!)) best = k;
    }
    return best;
  });
}
