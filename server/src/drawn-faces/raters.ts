import type { Random } from '../random.js';
import { drawIndex, exp, normal, pow } from './elementary.js';
import type { DrawnFaceSettings } from './settings.js';

/** Keeps a class of probability 0 possible for a rater. */
const leastProbability = 1e-9;

/**
 * The class each rater chooses: from the true distribution, sharpened or flattened by the rater's own temperature, and
 * now and then at random.
 */
export function drawVotes(distribution: readonly number[], random: Random, settings: DrawnFaceSettings): number[] {
  return Array.from({ length: settings.raters }, () => {
    const temperature = exp(settings.raterSpread * normal(random));
    const lapses = random.uniform() < settings.lapseShare;
    if (lapses) return random.integer(distribution.length);
    return drawIndex(
      distribution.map((probability) => pow(probability + leastProbability, temperature)),
      random,
    );
  });
}

/** Choices as counts, `[C]`. */
export function countVotes(choices: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const choice of choices) counts[choice]++;
  return counts;
}

/** The class with the most votes; a tie is broken by lot. */
export function pluralityOf(counts: readonly number[], random: Random): number {
  const most = Math.max(...counts);
  const winners = counts.flatMap((count, index) => (count === most ? [index] : []));
  return winners[random.integer(winners.length)];
}
