import { randomFrom } from '../random.js';
import { percentile } from './summary.js';

export interface Interval {
  lower: number;
  upper: number;
}

/** Values drawn at most, over all repetitions of one interval: what a question may cost. */
const mostDrawn = 4_000_000;
const fewest = 40;
const bootstrapRepetitions = 200;

/** Repetitions that an interval over so many samples has. */
export function repetitionsOf(samples: number): number {
  return Math.max(fewest, Math.min(bootstrapRepetitions, Math.floor(mostDrawn / Math.max(1, samples))));
}

/**
 * 95 % percentile interval of a statistic over samples drawn again with replacement; `statistic` gets places, `[N]`,
 * and may be null for a draw that has none. Null where fewer than half of the draws have one. Seeded.
 */
export function bootstrapInterval(
  samples: number,
  seed: number,
  statistic: (places: Int32Array) => number | null,
): Interval | null {
  const random = randomFrom(seed);
  const repetitions = repetitionsOf(samples);
  const places = new Int32Array(samples);
  const found: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (let n = 0; n < samples; n++) places[n] = random.integer(samples);
    const value = statistic(places);
    if (value !== null && !Number.isNaN(value)) found.push(value);
  }
  if (found.length < repetitions / 2) return null;
  return { lower: percentile(found, 2.5), upper: percentile(found, 97.5) };
}

/** `values` at `places`. */
export function take(values: Float64Array, places: Int32Array): Float64Array {
  const taken = new Float64Array(places.length);
  for (let n = 0; n < taken.length; n++) taken[n] = values[places[n]];
  return taken;
}
