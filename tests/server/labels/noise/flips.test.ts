import { describe, expect, test } from 'vitest';
import { flipAmbiguous, flipByWeights, type Flippable } from '../../../../server/src/labels/noise/flips.js';
import {
  checkTransition,
  pairWeights,
  rateOf,
  symmetricWeights,
} from '../../../../server/src/labels/noise/noise-weights.js';

const counts = [500, 300, 150, 50];
const before = Int16Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)));
const flippable = (seed = 1): Flippable => ({
  labels: before,
  training: Int32Array.from(before.keys()),
  classes: 4,
  seed,
});
const flipped = (after: Int16Array): number[] => [...before.keys()].filter((index) => after[index] !== before[index]);
const transitions = (after: Int16Array): number[][] =>
  counts.map((_, a) =>
    counts.map((__, b) => [...before.keys()].filter((index) => before[index] === a && after[index] === b).length),
  );

describe('flipping by weights', () => {
  test.each([1, 7, 100, 333, 500])('flips exactly %i labels', (count) => {
    expect(flipped(flipByWeights(flippable(), symmetricWeights(4), count))).toHaveLength(count);
  });

  test('flips the same samples to the same classes, and more, when asked for more', () => {
    const results = [50, 100, 200, 400].map((count) => flipByWeights(flippable(), symmetricWeights(4), count));
    for (const [place, fewer] of results.slice(0, -1).entries()) {
      for (const index of flipped(fewer)) expect(results[place + 1]![index]).toBe(fewer[index]);
    }
  });

  test('depends on the seed and on nothing else', () => {
    const first = flipByWeights(flippable(1), symmetricWeights(4), 200);
    expect(flipByWeights(flippable(1), symmetricWeights(4), 200)).toEqual(first);
    const other = new Set(flipped(flipByWeights(flippable(2), symmetricWeights(4), 200)));
    const shared = flipped(first).filter((index) => other.has(index)).length;
    // A fifth of the samples twice over: 200 / 1000 of the 200 by chance.
    expect(shared).toBeGreaterThan(20);
    expect(shared).toBeLessThan(65);
  });

  test('symmetric: takes of every class its share and spreads it over the others alike', () => {
    const table = transitions(flipByWeights(flippable(), symmetricWeights(4), 200));
    for (const [label, row] of table.entries()) {
      const gone = row.reduce((sum, count, other) => sum + (other === label ? 0 : count), 0);
      expect(Math.abs(gone - counts[label]! * 0.2)).toBeLessThanOrEqual(1);
      for (const [other, count] of row.entries())
        if (other !== label) expect(Math.abs(count - gone / 3)).toBeLessThanOrEqual(1);
    }
  });

  test('by a transition matrix: the counts are those of the matrix to within one', () => {
    const matrix = [
      [0.7, 0.2, 0.1, 0],
      [0, 1, 0, 0],
      [0.25, 0.25, 0.4, 0.1],
      [0.02, 0, 0, 0.98],
    ];
    const rate = rateOf(matrix, counts);
    expect(rate).toBeCloseTo((500 * 0.3 + 150 * 0.6 + 50 * 0.02) / 1000, 12);
    const table = transitions(
      flipByWeights(flippable(3), checkTransition(matrix, ['a', 'b', 'c', 'd']), Math.round(1000 * rate)),
    );
    for (const [a, row] of table.entries())
      for (const [b, count] of row.entries())
        expect(Math.abs(count - counts[a]! * matrix[a]![b]!)).toBeLessThanOrEqual(1);
  });

  test('only touches the samples that may be flipped', () => {
    const training = Int32Array.from(before.keys()).filter((index) => index % 2 === 0);
    const after = flipByWeights({ ...flippable(), training }, symmetricWeights(4), 250);
    expect(flipped(after)).toHaveLength(250);
    expect(flipped(after).every((index) => index % 2 === 0)).toBe(true);
    expect(before).not.toEqual(after);
  });

  test('says how much is possible where a class lacks samples', () => {
    const weights = pairWeights(['a', 'b', 'c', 'd'], [{ from: 'd', to: 'a' }]);
    expect(flipped(flipByWeights(flippable(), weights, 50))).toHaveLength(50);
    expect(() => flipByWeights(flippable(), weights, 51)).toThrow(
      /input\.rate: expected at most 0\.05: .*found 0\.051/,
    );
    expect(() =>
      flipByWeights(
        flippable(),
        checkTransition(
          [
            [1, 0, 0, 0],
            [0, 1, 0, 0],
            [0, 0, 1, 0],
            [0, 0, 0, 1],
          ],
          ['a', 'b', 'c', 'd'],
        ),
        1,
      ),
    ).toThrow(/at most 0/);
  });
});

describe('pairs', () => {
  const seven = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'];

  test('are the usual confusions of expressions, by name', () => {
    const partners = pairWeights(seven, null).map((row) => seven[row.indexOf(1)]);
    expect(partners).toEqual(['fear', 'surprise', 'anger', 'neutral', 'neutral', 'disgust', 'sadness']);
    expect(pairWeights(['contempt', 'fear', 'surprise'], null)).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ]);
  });

  test.each([
    [['cat', 'dog'], null, 'input.pairs'],
    [['cat', 'dog'], [{ from: 'cow', to: 'dog' }], 'input.pairs.0.from'],
    [['cat', 'dog'], [{ from: 'cat', to: 'cat' }], 'input.pairs.0.to'],
    [
      ['cat', 'dog', 'cow'],
      [
        { from: 'cat', to: 'dog' },
        { from: 'cat', to: 'cow' },
      ],
      'input.pairs.1.from',
    ],
  ])('of %j as %j are refused', (classes, pairs, path) => {
    expect(() => pairWeights(classes, pairs)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: expect.objectContaining({ path }) }),
    );
  });

  test.each([
    [null, 'input.matrix'],
    [[[1, 0]], 'input.matrix'],
    [
      [
        [1, 0],
        [0.5, 0.4],
      ],
      'input.matrix.1',
    ],
    [
      [
        [1.5, -0.5],
        [0, 1],
      ],
      'input.matrix.0',
    ],
    [
      [
        [1, 0, 0],
        [0, 1],
      ],
      'input.matrix.0',
    ],
  ])('a transition matrix %j is refused', (matrix, path) => {
    expect(() => checkTransition(matrix, ['cat', 'dog'])).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ path }) }),
    );
  });
});

describe('flipping the most ambiguous', () => {
  const labels = Int16Array.from([0, 0, 1, 2, 0]);
  const distributions = [[0.9, 0.1, 0], [0.5, 0.1, 0.4], [0.45, 0.55, 0], null, [0.2, 0.5, 0.3]];
  const some: Flippable = { labels, training: Int32Array.from([0, 1, 2, 3, 4]), classes: 3, seed: 1 };
  const flip = (count: number): number[] => [...flipAmbiguous(some, (index) => distributions[index] ?? null, count)];

  test('takes the smallest margins first and gives them their highest other class', () => {
    // Margins: .8, .1, .1, none, .2.
    expect(flip(2)).toEqual([0, 2, 0, 2, 0]);
    expect(flip(3)).toEqual([0, 2, 0, 2, 1]);
    expect(flip(4)).toEqual([1, 2, 0, 2, 1]);
  });

  test('cannot flip a sample without a distribution', () => {
    expect(() => flip(5)).toThrow(/at most 0\.8: only 4 of 5 training samples have a distribution/);
  });
});
