import type { Interval } from './bootstrap.js';

/** 97.5th percentile of the normal distribution. */
const z = 1.959963984540054;

/** 95 % interval of a share k / n by E. B. Wilson (1927), without correction for continuity; null for n = 0. */
export function wilsonInterval(k: number, n: number): Interval | null {
  if (n === 0) return null;
  const share = k / n;
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return { lower: Math.max(0, middle - half), upper: Math.min(1, middle + half) };
}

/** log n! for n = 0 to `most`. */
export function logFactorials(most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  for (let n = 2; n <= most; n++) logs[n] = logs[n - 1] + Math.log(n);
  return logs;
}

/**
 * Fisher's exact test, one-sided: how likely at least `hits` of the `drawn` are among the `marked` of `all`, if they were
 * drawn at random. In (0, 1]. @param logs `logFactorials(all)`.
 */
export function fisherGreater(
  { hits, drawn, marked, all }: { hits: number; drawn: number; marked: number; all: number },
  logs: Float64Array,
): number {
  const choose = (n: number, k: number): number => logs[n] - logs[k] - logs[n - k];
  const whole = choose(all, drawn);
  let p = 0;
  for (let k = hits; k <= Math.min(drawn, marked); k++) {
    if (drawn - k > all - marked) continue;
    p += Math.exp(choose(marked, k) + choose(all - marked, drawn - k) - whole);
  }
  return Math.min(1, p);
}

/** P values corrected for their number by S. Holm (1979), in the order given: the rate of any false alarm is kept. */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, place) => place).sort((a, b) => values[a] - values[b]);
  const corrected = new Array<number>(values.length);
  let highest = 0;
  order.forEach((place, rank) => {
    highest = Math.min(1, Math.max(highest, (values.length - rank) * values[place]));
    corrected[place] = highest;
  });
  return corrected;
}
