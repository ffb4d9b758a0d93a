import { randomFrom, type Random } from '../../../server/src/random.js';

/** A distribution over `classes`, from flat to nearly certain; about one in three entries is exactly 0. */
export function randomDistribution(random: Random, classes: number): number[] {
  const sharpness = 1 + random.uniform() * 8;
  const weights = Array.from({ length: classes }, () => (random.uniform() < 0.3 ? 0 : random.uniform() ** sharpness));
  weights[random.integer(classes)]! += 1e-3;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Runs `check` on `times` seeded pairs of distributions of 2 to 9 classes. */
export function forRandomPairs(times: number, check: (u: number[], v: number[], random: Random) => void): void {
  const random = randomFrom(20);
  for (let time = 0; time < times; time++) {
    const classes = 2 + random.integer(8);
    check(randomDistribution(random, classes), randomDistribution(random, classes), random);
  }
}

export function oneHot(classes: number, at: number): number[] {
  return Array.from({ length: classes }, (_, k) => (k === at ? 1 : 0));
}

export function uniform(classes: number): number[] {
  return new Array<number>(classes).fill(1 / classes);
}

/** `values` reordered: the k-th of the result is `values[order[k]]`. */
export function permuted<T>(values: readonly T[], order: readonly number[]): T[] {
  return order.map((place) => values[place]!);
}
