import { expect, test } from 'vitest';
import { randomFrom } from '../../../../server/src/random.js';
import { dealFolds } from '../../../../server/src/runs/cross-fits/deal-folds.js';

const random = randomFrom(5);
const labels = Array.from({ length: 503 }, () => Math.floor(random.uniform() ** 2 * 4));

function countsOf(dealt: Int32Array, folds: number): number[][] {
  const counts = Array.from({ length: folds }, () => [0, 0, 0, 0]);
  dealt.forEach((fold, n) => counts[fold]![labels[n]!]!++);
  return counts;
}

test('without subjects the folds differ by at most one sample of each class and in all', () => {
  const counts = countsOf(dealFolds({ labels, subjects: labels.map(() => null), classes: 4 }, 5, 1), 5);
  const spread = (values: number[]): number => Math.max(...values) - Math.min(...values);
  for (let k = 0; k < 4; k++) expect(spread(counts.map((row) => row[k]!))).toBeLessThanOrEqual(1);
  expect(spread(counts.map((row) => row.reduce((a, b) => a + b)))).toBeLessThanOrEqual(4);
});

test('a subject is in one fold only, the folds are of about equal size, and nobody is left out', () => {
  const subjects = labels.map((_, n) => (n % 9 === 0 ? null : `person ${n % 97}`));
  const dealt = dealFolds({ labels, subjects, classes: 4 }, 4, 2);
  const foldOf = new Map<string, number>();
  subjects.forEach((subject, n) => {
    if (subject === null) return;
    if (!foldOf.has(subject)) foldOf.set(subject, dealt[n]!);
    expect(dealt[n]).toBe(foldOf.get(subject));
  });
  const sizes = countsOf(dealt, 4).map((row) => row.reduce((a, b) => a + b));
  expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1.25);
});

test('the seed alone decides', () => {
  const subjects = labels.map(() => null);
  const deal = (seed: number): Int32Array => dealFolds({ labels, subjects, classes: 4 }, 5, seed);
  expect(deal(1)).toEqual(deal(1));
  expect(deal(1)).not.toEqual(deal(2));
});
