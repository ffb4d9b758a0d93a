import { randomFrom } from '../random.js';
import { studentCumulative, studentQuantile } from './student.js';
import { mean, percentile } from './summary.js';

/** Below so many pairs nothing is tested, and no interval is given: two seeds tell nothing. */
const fewestPairs = 3;
const bootstrapDraws = 2000;
const confidence = 0.95;

/** Of a sample, N - 1 below; NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

interface Range {
  low: number;
  high: number;
}

/** How much better one arm is than another on the same seeds, and how much of it may be chance. */
export interface PairedSeeds {
  pairs: number;
  /** Mean of the differences, and their standard deviation; null for one pair. */
  mean: number;
  deviation: number | null;
  /** 95 % t interval of the mean; null below `fewestPairs`, like the rest. */
  interval: Range | null;
  /** 95 % percentile interval of means of pairs drawn again with replacement. */
  bootstrap: Range | null;
  /** Two-sided Wilcoxon signed-rank test, exact. */
  wilcoxon: number | null;
  /** Least p that this test can give with so many pairs that differ: above 0.05 nothing can be decided. */
  leastP: number | null;
  /** Two-sided paired t test; null too where all differences are the same. */
  t: number | null;
}

/** @param differences one a seed, not empty. @param seed of the bootstrap. */
export function pairedSeeds(differences: readonly number[], seed: number): PairedSeeds {
  const pairs = differences.length;
  const centre = mean(differences);
  const deviation = pairs > 1 ? standardDeviation(differences) : null;
  if (pairs < fewestPairs || deviation === null)
    return { pairs, mean: centre, deviation, interval: null, bootstrap: null, wilcoxon: null, leastP: null, t: null };
  const error = deviation / Math.sqrt(pairs);
  const half = studentQuantile((1 + confidence) / 2, pairs - 1) * error;
  const different = differences.filter((difference) => difference !== 0).length;
  return {
    pairs,
    mean: centre,
    deviation,
    interval: { low: centre - half, high: centre + half },
    bootstrap: bootstrapOfMean(differences, seed),
    wilcoxon: wilcoxonSignedRank(differences),
    leastP: Math.min(1, 2 ** (1 - different)),
    t: error > 0 ? 2 * studentCumulative(-Math.abs(centre / error), pairs - 1) : null,
  };
}

function bootstrapOfMean(differences: readonly number[], seed: number): Range {
  const random = randomFrom(seed);
  const means = Array.from({ length: bootstrapDraws }, () => {
    let sum = 0;
    for (let n = 0; n < differences.length; n++) sum += differences[random.integer(differences.length)];
    return sum / differences.length;
  });
  return { low: percentile(means, 2.5), high: percentile(means, 97.5) };
}

/**
 * Two-sided p of the signed-rank test, exact also where magnitudes are tied (mean ranks, all signs equally likely).
 * Differences of 0 are left out, as Wilcoxon did; 1 where all are.
 */
export function wilcoxonSignedRank(differences: readonly number[]): number {
  const given = differences.filter((difference) => difference !== 0);
  const ranks = doubledRanks(given.map(Math.abs));
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const positive = given.reduce((sum, difference, n) => sum + (difference > 0 ? ranks[n] : 0), 0);
  const least = Math.min(positive, total - positive);
  // ways[w]: share of the choices of signs whose positive ranks sum to w.
  let ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    const next = new Float64Array(total + 1);
    for (let w = 0; w <= total; w++) {
      next[w] += ways[w] / 2;
      if (w >= rank) next[w] += ways[w - rank] / 2;
    }
    ways = next;
  }
  let tail = 0;
  for (let w = 0; w <= least; w++) tail += ways[w];
  return Math.min(1, 2 * tail);
}

/** Twice the rank of each value, from 2 on: of tied ones the mean, which twice is a whole number. */
function doubledRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const same = values.filter((other) => other === value).length;
    return 2 * below + same + 1;
  });
}

/** P values of several comparisons, corrected so that the chance of any false one stays what it was (Holm 1979). */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, n) => n).sort((a, b) => values[a] - values[b]);
  const corrected = new Array<number>(values.length);
  let largest = 0;
  order.forEach((n, place) => {
    largest = Math.max(largest, Math.min(1, (values.length - place) * values[n]));
    corrected[n] = largest;
  });
  return corrected;
}

const power = 0.8;
const mostSeeds = 10_000;

/**
 * Seeds that would decide a difference as large as this one, if it is as it seems: paired t test at 5 %, power 80 %, by
 * the usual approximation with two t quantiles. Null where there is no difference, or it would take more than 10,000.
 */
export function seedsToDecide(difference: number, deviation: number): number | null {
  if (difference === 0) return null;
  for (let seeds = fewestPairs; seeds <= mostSeeds; seeds++) {
    const freedom = seeds - 1;
    const needed = studentQuantile((1 + confidence) / 2, freedom) + studentQuantile(power, freedom);
    if (Math.abs(difference) * Math.sqrt(seeds) >= needed * deviation) return seeds;
  }
  return null;
}
