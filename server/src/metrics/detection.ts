import { randomFrom } from '../random.js';
import { type Interval, repetitionsOf } from './bootstrap.js';
import { argsort } from './order.js';
import { percentile } from './summary.js';

/** How well a score finds the positives among N samples; null where there are none, or nothing else. */
export interface DetectionNumbers {
  auroc: number | null;
  averagePrecision: number | null;
  /** Of the `taken` samples of the highest scores, the share that is positive; null where none is taken. */
  precision: number | null;
  /** Of the positives, the share that is taken. */
  recall: number | null;
}

/**
 * A score sorted once, so that every draw of a bootstrap costs one pass: AUROC and average precision as
 * `rank-statistics` has them, of samples that count `weights[n]` times. `positive` is 1 or 0, `[N]`. Of equal scores at
 * the border of the taken ones the first are taken.
 */
export class RankedScore {
  private readonly order: Int32Array;
  /** Whether the sample at this place of the order scores as the one before it, `[N]`. */
  private readonly tied: Uint8Array;

  constructor(
    scores: Float64Array,
    private readonly positive: ArrayLike<number>,
    private readonly taken: number,
  ) {
    this.order = argsort(scores.map((score) => -score));
    this.tied = Uint8Array.from(this.order, (n, place) =>
      Number(place > 0 && scores[n] === scores[this.order[place - 1]]),
    );
  }

  /** @param weights how often each sample counts, `[N]`; null: once. */
  measure(weights: ArrayLike<number> | null): DetectionNumbers {
    const { order, tied, positive, taken } = this;
    let [positives, negatives, pairs, area, takenWeight, hits] = [0, 0, 0, 0, 0, 0];
    for (let place = 0; place < order.length;) {
      let [ofPositives, ofNegatives] = [0, 0];
      do {
        const n = order[place];
        const weight = weights ? weights[n] : 1;
        if (positive[n]) ofPositives += weight;
        else ofNegatives += weight;
        if (place < taken) {
          takenWeight += weight;
          if (positive[n]) hits += weight;
        }
        place++;
      } while (place < order.length && tied[place]);
      // From the highest score down: a negative lies below every positive so far, and ties with those of its score.
      pairs += ofNegatives * (positives + ofPositives / 2);
      positives += ofPositives;
      negatives += ofNegatives;
      if (ofPositives > 0) area += ofPositives * (positives / (positives + negatives));
    }
    return {
      auroc: positives > 0 && negatives > 0 ? pairs / (positives * negatives) : null,
      averagePrecision: positives > 0 ? area / positives : null,
      precision: takenWeight > 0 ? hits / takenWeight : null,
      recall: positives > 0 ? hits / positives : null,
    };
  }
}

/**
 * Numbers of each of M statistics over the same draws with replacement, `[M][repetitions]`: paired, so that differences
 * may be taken draw by draw. Seeded; 40 to 200 repetitions.
 */
export function bootstrapTogether<T>(
  samples: number,
  seed: number,
  statistics: readonly ((weights: Uint16Array) => T)[],
): T[][] {
  const random = randomFrom(seed);
  const drawn: T[][] = statistics.map(() => []);
  const weights = new Uint16Array(samples);
  for (let repetition = repetitionsOf(samples); repetition > 0; repetition--) {
    weights.fill(0);
    for (let n = 0; n < samples; n++) weights[random.integer(samples)]++;
    statistics.forEach((statistic, place) => drawn[place].push(statistic(weights)));
  }
  return drawn;
}

/** 95 % percentile interval of draws; null where fewer than half have a number. */
export function intervalOf(drawn: readonly (number | null)[]): Interval | null {
  const known = drawn.filter((value): value is number => value !== null);
  if (known.length < drawn.length / 2 || known.length === 0) return null;
  return { lower: percentile(known, 2.5), upper: percentile(known, 97.5) };
}
