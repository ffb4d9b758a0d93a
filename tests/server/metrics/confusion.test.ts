import { describe, expect, test } from 'vitest';
import { confusionCounts, expectedConfusion, normaliseRows } from '../../../server/src/metrics/confusion.js';
import { oneHot } from './distributions.support.js';

describe('confusion counts', () => {
  test("are those of scikit-learn's documentation, label by row", () => {
    expect(confusionCounts([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2], 3)).toEqual([
      [2, 0, 0],
      [0, 0, 1],
      [1, 0, 2],
    ]);
  });

  test('leave out samples on which one side has no opinion', () => {
    expect(confusionCounts([0, -1, 1], [1, 1, -1], 2)).toEqual([
      [0, 1],
      [0, 0],
    ]);
  });

  test('of swapped opinions are transposed', () => {
    const a = [0, 1, 2, 2, 1];
    const b = [1, 1, 0, 2, 2];
    const counts = confusionCounts(a, b, 3);
    expect(confusionCounts(b, a, 3)).toEqual(counts.map((row, i) => row.map((_, j) => counts[j]![i])));
  });
});

describe('row-normalised confusion', () => {
  test('has rows that sum to 1, and nulls where a row is empty', () => {
    expect(
      normaliseRows([
        [3, 1],
        [0, 0],
      ]),
    ).toEqual([
      [0.75, 0.25],
      [null, null],
    ]);
  });
});

describe('expected confusion', () => {
  test('sums whole distributions by label', () => {
    const matrix = expectedConfusion([0, 1, 0], [0.5, 0.5, 0.25, 0.75, 1, 0], 2);
    expect(matrix).toEqual([
      [1.5, 0.5],
      [0.25, 0.75],
    ]);
  });

  test('of certain distributions is the confusion counts', () => {
    const labels = [0, 1, 2, 2];
    const predicted = [0, 2, 2, 1];
    expect(
      expectedConfusion(
        labels,
        predicted.flatMap((k) => oneHot(3, k)),
        3,
      ),
    ).toEqual(confusionCounts(labels, predicted, 3));
  });

  test('has rows that sum to the samples of the label', () => {
    const matrix = expectedConfusion([1, 1, 0], [0.2, 0.8, 0.6, 0.4, 0.9, 0.1], 2);
    expect(matrix.map((row) => row[0]! + row[1]!)).toEqual([1, 2]);
  });
});
