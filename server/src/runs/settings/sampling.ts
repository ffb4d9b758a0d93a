import { randomFrom, seedOf, shuffle } from '../../random.js';
import { Sampling } from './choices.js';

/**
 * Positions of the training split that an epoch visits, in order; seed and epoch alone decide.
 * @param labels given labels, `[N]`.
 */
export function epochPositions(
  labels: Int16Array,
  { sampling, seed, epoch }: { sampling: Sampling; seed: number; epoch: number },
): Int32Array {
  return sampling === Sampling.CLASS_BALANCED
    ? balancedOrder(labels, seed, epoch)
    : epochOrder(labels.length, seed, epoch);
}

/** The order in which an epoch visits the split: a permutation that depends on seed and epoch alone. */
export function epochOrder(samples: number, seed: number, epoch: number): Int32Array {
  return shuffle(
    Int32Array.from({ length: samples }, (_, position) => position),
    randomFrom(seedOf(`${seed}:order:${epoch}`)),
  );
}

/** How many samples an epoch visits. @param classCounts training samples of each class, `[C]`. */
export function samplesOfAnEpoch(classCounts: readonly number[], sampling: Sampling): number {
  const counts = classCounts.filter((count) => count > 0);
  if (counts.length === 0) return 0;
  return sampling === Sampling.CLASS_BALANCED
    ? counts.length * Math.min(...counts)
    : counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Of every class that has samples as many as the smallest one has, drawn anew for every epoch without putting back,
 * then shuffled together.
 */
export function balancedOrder(labels: Int16Array, seed: number, epoch: number): Int32Array {
  const positions = new Map<number, number[]>();
  labels.forEach((label, position) => {
    const own = positions.get(label);
    if (own) own.push(position);
    else positions.set(label, [position]);
  });
  const classes = [...positions.keys()].sort((a, b) => a - b);
  const smallest = Math.min(...classes.map((label) => positions.get(label)!.length));
  const drawn = classes.flatMap((label) =>
    shuffle(positions.get(label)!, randomFrom(seedOf(`${seed}:draw:${epoch}:${label}`))).slice(0, smallest),
  );
  return shuffle(Int32Array.from(drawn), randomFrom(seedOf(`${seed}:order:${epoch}`)));
}
