/** -sum u log u in nats, with 0 log 0 = 0: in [0, log C]. */
export function entropy(u: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++) if (u[k] > 0) sum -= u[k] * Math.log(u[k]);
  // A single 1 gives -0; rounding of float32 inputs may give a value an ulp outside.
  return Math.min(Math.log(u.length), Math.max(0, sum));
}

/** Entropy divided by log C: in [0, 1]. 0 for a single class. */
export function normalisedEntropy(u: ArrayLike<number>): number {
  return u.length > 1 ? Math.min(1, entropy(u) / Math.log(u.length)) : 0;
}

/** 1 - H(u) / log C, in [0, 1]: 1 of a distribution that is sure of one class. NaN where u is not known. */
export function certainty(u: ArrayLike<number>): number {
  return Number.isNaN(u[0]) ? Number.NaN : 1 - normalisedEntropy(u);
}
