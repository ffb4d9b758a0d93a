import { expect, test } from 'vitest';
import { ceilingFrom, scoresOfTruth } from '../../../../server/src/analysis/validity/ambiguity-validity.js';
import { facesOf } from '../../../../server/src/drawn-faces/face-set.js';
import { countVotes, drawVotes } from '../../../../server/src/drawn-faces/raters.js';
import { defaultSettings } from '../../../../server/src/drawn-faces/settings.js';
import { spearmanBrown, splitHalves } from '../../../../server/src/metrics/human-ceiling.js';
import { randomFrom } from '../../../../server/src/random.js';

const faces = [
  ...facesOf({
    counts: { TRAIN: 2000, VALIDATION: 0, TEST: 0 },
    imageSize: 48,
    seed: 7,
    givenLabel: 'PLURALITY',
  } as never),
];
const classes = faces[0]!.trueDistribution.length;

function votesOf(raters: number): { counts: Float64Array; votes: Float64Array; truths: Float64Array } {
  const random = randomFrom(5);
  const counts = Float64Array.from(
    faces.flatMap((face) =>
      countVotes(drawVotes(face.trueDistribution, random, { ...defaultSettings, raters }), classes),
    ),
  );
  const truths = Float64Array.from(faces.flatMap((face) => [...face.trueDistribution]));
  return { counts, votes: counts.map((count) => count / raters), truths };
}

test.each([
  // Five votes say little of how sure their raters are: the ceiling comes out too low.
  [5, 0.05],
  [10, 0.02],
  // The raters' own lapses count as truth: nobody can tell them from it by votes.
  [20, 0.03],
])(
  'drawn faces: from votes of %i raters the ceiling of Spearman is that of the truth within %d, of soft micro F1 within 0.02',
  (raters, within) => {
    const { counts, votes, truths } = votesOf(raters);
    const known = scoresOfTruth(truths, votes, classes);
    const estimated = ceilingFrom(counts, classes, randomFrom(1));
    expect(Math.abs(estimated.spearman! - known.spearman!)).toBeLessThan(within);
    expect(Math.abs(estimated.softMicroF1 - known.softMicroF1)).toBeLessThan(0.02);
  },
);

test('votes of a truth that is certain leave nothing to tell, and no ceiling', () => {
  const counts = Float64Array.from({ length: 100 * 3 }, (_, n) => (n % 3 === 0 ? 5 : 0));
  const found = ceilingFrom(counts, 3, randomFrom(1));
  expect(found.softMicroF1).toBeGreaterThan(0.99);
  expect(Object.values(found).every((value) => value === null || Number.isFinite(value))).toBe(true);
});

test('halves hold each vote once, and are corrected by Spearman and Brown', () => {
  const counts = Float64Array.of(4, 2, 0, 0, 3, 2);
  const [one, other] = splitHalves(counts, 3, randomFrom(1));
  expect(one.subarray(0, 3).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  // Six votes in halves of three; of five, two halves of two and one left out.
  for (let k = 0; k < 3; k++) expect(3 * (one[k]! + other[k]!)).toBeCloseTo(counts[k]!, 12);
  expect(spearmanBrown(0.5)).toBeCloseTo(2 / 3, 12);
  expect(spearmanBrown(-0.1)).toBeNull();
});
