/** How much better the second of two predictors is on the same samples, and how much of it may be chance. */
export interface PairedDifference {
  /** Share right after less share right before, in [-1, 1]. */
  difference: number;
  /** 95 % interval by Agresti and Min (2005): half a sample is added to each of the four cells. */
  low: number;
  high: number;
  /** McNemar's exact test, two-sided: how often chance alone would split the disagreements so unevenly. */
  p: number;
}

/** Quantile of the normal distribution for 95 %. */
const z = 1.959963984540054;

/**
 * @param mended samples that only the second got right; `broken`: only the first. `samples`: all that both saw.
 * @returns null without a sample.
 */
export function pairedDifference(mended: number, broken: number, samples: number): PairedDifference | null {
  if (samples === 0) return null;
  const [m, b, n] = [mended + 0.5, broken + 0.5, samples + 2];
  const centre = (m - b) / n;
  const deviation = Math.sqrt(Math.max(0, m + b - (m - b) ** 2 / n)) / n;
  return {
    difference: (mended - broken) / samples,
    low: Math.max(-1, centre - z * deviation),
    high: Math.min(1, centre + z * deviation),
    p: mcnemar(mended, broken),
  };
}

/** Twice the lower tail of the binomial distribution of `mended + broken` fair coins, at most 1. */
function mcnemar(mended: number, broken: number): number {
  const coins = mended + broken;
  let logTerm = -coins * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let heads = 1; heads <= Math.min(mended, broken); heads++) {
    logTerm += Math.log((coins - heads + 1) / heads);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
