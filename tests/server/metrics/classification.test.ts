import disputed from '../../fixtures/metrics/disputed.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { accuracy, balancedAccuracy, classScores, macroF1 } from '../../../server/src/metrics/classification.js';
import { confusionCounts } from '../../../server/src/metrics/confusion.js';
import { randomFrom, shuffle } from '../../../server/src/random.js';
import { permuted } from './distributions.support.js';

// Class 3 has no sample but is predicted once. Expected values: scikit-learn 1.9.
const labels = [0, 0, 0, 0, 1, 1, 2, 2, 2, 4];
const predicted = [0, 0, 1, 3, 1, 2, 2, 2, 0, 4];
const counts = confusionCounts(labels, predicted, 5);

describe('classification measures', () => {
  test('are those of scikit-learn', () => {
    expect(accuracy(counts)).toBe(0.6);
    expect(balancedAccuracy(counts)).toBeCloseTo(0.6666666666666666, 14);
    expect(macroF1(counts)).toBeCloseTo(0.6845238095238095, 14);
    const scores = classScores(counts);
    expect(scores.map((score) => score.precision)).toEqual([2 / 3, 0.5, 2 / 3, null, 1]);
    expect(scores.map((score) => score.recall)).toEqual([0.5, 0.5, 2 / 3, null, 1]);
    [0.5714285714285714, 0.5, 0.6666666666666666, null, 1].forEach((f1, k) => {
      if (f1 === null) expect(scores[k]!.f1).toBeNull();
      else expect(scores[k]!.f1).toBeCloseTo(f1, 14);
    });
    expect(scores.map((score) => score.support)).toEqual([4, 2, 3, 0, 1]);
  });

  test("give the macro F1 of scikit-learn's documentation", () => {
    expect(macroF1(confusionCounts([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1], 3))).toBeCloseTo(0.26666666666666666, 14);
  });

  test("give the balanced accuracy of scikit-learn's documentation", () => {
    expect(balancedAccuracy(confusionCounts([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1], 2))).toBe(0.625);
  });

  test('leave a class without a sample out of the means', () => {
    expect(balancedAccuracy(confusionCounts([0, 1], [0, 1], 9))).toBe(1);
    expect(macroF1(confusionCounts([0, 1], [0, 1], 9))).toBe(1);
  });

  test('of a class that is never predicted: precision unknown, recall and F1 0', () => {
    expect(classScores(confusionCounts([0, 1], [0, 0], 2))[1]).toEqual({
      precision: null,
      recall: 0,
      f1: 0,
      support: 1,
    });
  });

  test('of one sample are 0 or 1', () => {
    expect(accuracy(confusionCounts([2], [2], 3))).toBe(1);
    expect(balancedAccuracy(confusionCounts([2], [0], 3))).toBe(0);
  });

  test('of no sample are null', () => {
    const nothing = confusionCounts([], [], 3);
    expect([accuracy(nothing), balancedAccuracy(nothing), macroF1(nothing)]).toEqual([null, null, null]);
    expect(classScores(nothing).every((score) => score.recall === null && score.support === 0)).toBe(true);
  });

  test('do not depend on the numbering of the classes', () => {
    const random = randomFrom(4);
    for (let time = 0; time < 50; time++) {
      const given = Array.from({ length: 60 }, () => random.integer(6));
      const said = given.map((label) => (random.uniform() < 0.6 ? label : random.integer(6)));
      const renumber = shuffle([0, 1, 2, 3, 4, 5], random);
      const before = confusionCounts(given, said, 6);
      const after = confusionCounts(
        given.map((k) => renumber[k]!),
        said.map((k) => renumber[k]!),
        6,
      );
      for (const measure of [accuracy, balancedAccuracy, macroF1])
        expect(measure(after)).toBeCloseTo(measure(before)!, 12);
      expect(permuted(classScores(after), renumber)).toEqual(classScores(before));
    }
  });

  test('balanced accuracy equals accuracy on balanced classes', () => {
    const balanced = confusionCounts([0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 0, 2], 3);
    expect(balancedAccuracy(balanced)).toBeCloseTo(accuracy(balanced)!, 15);
  });
});

test('a class without samples is null everywhere, and no number is NaN', () => {
  const { counts, expect: right, others } = disputed['c02-class-absent'];
  expect(accuracy(counts)).toBe(right.accuracy);
  expect(balancedAccuracy(counts)).toBe(right.balancedAccuracy);
  expect(macroF1(counts)).toBeCloseTo(right['macroF1 over classes with samples'], 15);
  expect(macroF1(counts)).not.toBeCloseTo(others['sklearn f1_score(macro)'], 3);
  expect(classScores(counts).map(({ recall }) => recall)).toEqual([null, 0.5, null]);
  expect(JSON.stringify(classScores(counts))).not.toMatch(/NaN/);
});
