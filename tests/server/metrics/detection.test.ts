import { expect, test } from 'vitest';
import { bootstrapTogether, intervalOf, RankedScore } from '../../../server/src/metrics/detection.js';
import { auroc, averagePrecision } from '../../../server/src/metrics/rank-statistics.js';
import { randomFrom } from '../../../server/src/random.js';

const random = randomFrom(3);
const scores = Float64Array.from({ length: 200 }, () => Math.round(random.uniform() * 12) / 4 - 1);
const positive = Uint8Array.from(scores, (score) => Number(random.uniform() < 0.2 + score / 6));

test('a score sorted once measures as scikit-learn does, ties included', () => {
  const found = new RankedScore(scores, positive, 30).measure(null);
  expect(found.auroc).toBeCloseTo(auroc(scores, positive)!, 12);
  expect(found.averagePrecision).toBeCloseTo(averagePrecision(scores, positive)!, 12);
});

test('weights count as samples that stand there as often', () => {
  const weights = Uint16Array.from(scores, () => random.integer(4));
  const places = [...weights].flatMap((weight, n) => new Array<number>(weight).fill(n));
  const [again, its] = [Float64Array.from(places, (n) => scores[n]!), places.map((n) => positive[n]!)];
  const found = new RankedScore(scores, positive, 30).measure(weights);
  expect(found.auroc).toBeCloseTo(auroc(again, its)!, 12);
  expect(found.averagePrecision).toBeCloseTo(averagePrecision(again, its)!, 12);
});

test('precision and recall are of the samples taken', () => {
  const found = new RankedScore(Float64Array.of(4, 3, 2, 1), [1, 0, 1, 1], 2).measure(null);
  expect(found).toMatchObject({ precision: 1 / 2, recall: 1 / 3 });
  expect(new RankedScore(Float64Array.of(4, 3), [0, 0], 0).measure(null)).toEqual({
    auroc: null,
    averagePrecision: null,
    precision: null,
    recall: null,
  });
});

test('an unknown number that stands above all others ties with its like', () => {
  const found = new RankedScore(Float64Array.of(Infinity, Infinity, 0), [1, 0, 0], 1).measure(null);
  expect(found.auroc).toBe(0.75);
});

test('statistics that are drawn together see the same draws', () => {
  const [one, other] = bootstrapTogether(50, 1, [(weights) => weights[0]!, (weights) => weights[0]!]);
  expect(one).toEqual(other);
  expect(one).toHaveLength(200);
  expect(intervalOf([1, 2, 3, null])).toEqual({ lower: 1.05, upper: 2.95 });
  expect(intervalOf([1, null, null])).toBeNull();
});
