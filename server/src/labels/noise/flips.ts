import { InvalidInputError } from '../../errors.js';
import { randomFrom, seedOf, shuffle } from '../../random.js';

/** What is flipped: labelled training samples. */
export interface Flippable {
  /** Labels before, `[N]` by `sample.index`. */
  labels: Int16Array;
  /** Indices of the samples that may be flipped. */
  training: Int32Array;
  /** C */
  classes: number;
  seed: number;
}

/**
 * Labels with exactly `count` of the training ones flipped. Each class gives its part in proportion to the samples it
 * has and the weights of its row, and
 * its flips are spread over the other classes in proportion to those weights, to within one sample. Which samples, the
 * seed decides; with a higher count
 * the same ones flip to the same classes, and more.
 * @param weights `[C][C]`, row = label before, column = after; the diagonal is not looked at.
 * @throws InvalidInputError where a class would have to flip more samples than it has.
 */
export function flipByWeights(
  { labels, training, classes, seed }: Flippable,
  weights: readonly (readonly number[])[],
  count: number,
): Int16Array {
  const samples = Array.from({ length: classes }, (_, k) =>
    shuffle(
      [...training].filter((index) => labels[index] === k),
      randomFrom(seedOf(`${seed}:noise:${k}`)),
    ),
  );
  const leaving = weights.map((row, k) => row.reduce((sum, weight, other) => sum + (other === k ? 0 : weight), 0));
  checkCount(
    samples.map(({ length }) => length),
    leaving,
    count,
    training.length,
  );
  const nextClass = sequence(
    leaving.map((weight, k) => weight * samples[k].length),
    `${seed}:classes`,
  );
  const nextTarget = weights.map((row, k) =>
    sequence(
      row.map((weight, other) => (other === k ? 0 : weight)),
      `${seed}:targets:${k}`,
    ),
  );
  const flipped = labels.slice();
  const taken = new Array<number>(classes).fill(0);
  for (let done = 0; done < count;) {
    const k = nextClass();
    // Rounding may ask a class for one sample more than it has.
    if (taken[k] === samples[k].length) continue;
    flipped[samples[k][taken[k]++]] = nextTarget[k]();
    done++;
  }
  return flipped;
}

function checkCount(samples: readonly number[], leaving: readonly number[], count: number, training: number): void {
  const total = samples.reduce((sum, own, k) => sum + own * leaving[k], 0);
  const most = total === 0 ? 0 : Math.floor(total / Math.max(...leaving.filter((_, k) => samples[k] > 0)));
  if (count > most) {
    const found = Number((count / training).toFixed(4));
    throw new InvalidInputError(
      'input.rate',
      `at most ${Math.floor((10000 * most) / training) / 10000}: no more training labels can be flipped in these proportions`,
      found,
    );
  }
}

/**
 * Places of `weights`, again and again, each as often as its weight asks: after any number of draws every place has its
 * share to within one.
 * (Webster's method of apportionment, whose order does not depend on how many are drawn.) Ties are broken by the seed.
 */
function sequence(weights: readonly number[], seed: string): () => number {
  const order = shuffle(
    [...weights.keys()].filter((place) => weights[place] > 0),
    randomFrom(seedOf(seed)),
  );
  const drawn = new Array<number>(weights.length).fill(0);
  return () => {
    const next = order.reduce((best, place) =>
      (drawn[place] + 0.5) / weights[place] < (drawn[best] + 0.5) / weights[best] ? place : best,
    );
    drawn[next]++;
    return next;
  };
}

/**
 * Labels with the `count` most ambiguous training ones flipped, each to the highest class of its distribution other
 * than its label. Most ambiguous: the
 * smallest difference between the two highest values; the seed breaks ties.
 * @param distributionOf `[C]` of the sample of an index; null where it has none: such a sample is not flipped.
 * @throws InvalidInputError where fewer than `count` samples have a distribution.
 */
export function flipAmbiguous(
  { labels, training, seed }: Flippable,
  distributionOf: (index: number) => ArrayLike<number> | null,
  count: number,
): Int16Array {
  const tie = randomFrom(seedOf(`${seed}:ambiguous`));
  const candidates = [...training].flatMap((index) => {
    const distribution = distributionOf(index);
    return distribution ? [{ index, ...ambiguity(distribution, labels[index]), tie: tie.uniform() }] : [];
  });
  if (count > candidates.length) {
    throw new InvalidInputError(
      'input.rate',
      `at most ${Math.floor((10000 * candidates.length) / training.length) / 10000}: only ${candidates.length} of ${training.length} training samples have a distribution`,
      Number((count / training.length).toFixed(4)),
    );
  }
  candidates.sort((a, b) => a.margin - b.margin || a.tie - b.tie);
  const flipped = labels.slice();
  for (const { index, second } of candidates.slice(0, count)) flipped[index] = second;
  return flipped;
}

function ambiguity(distribution: ArrayLike<number>, label: number): { margin: number; second: number } {
  const order = Array.from(distribution, (value, k) => ({ value, k })).sort((a, b) => b.value - a.value || a.k - b.k);
  return { margin: order[0].value - order[1].value, second: order.find(({ k }) => k !== label)!.k };
}
