import { expect, test } from 'vitest';
import { confidentClasses, confidentThresholds } from '../../../server/src/metrics/confident-learning.js';

// Three samples labelled 0, two labelled 1.
const distributions = [0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.3, 0.7, 0.6, 0.4];
const labels = [0, 0, 0, 1, 1];

test('thresholds are the mean confidence in a class of the samples labelled so', () => {
  const thresholds = confidentThresholds(distributions, labels, 2);
  expect(thresholds[0]).toBeCloseTo(0.6, 12);
  expect(thresholds[1]).toBeCloseTo(0.55, 12);
});

test('a sample counts where it is confidently of a class, which need not be its label, or nowhere', () => {
  // 0.6 = t_0 reaches it; of the third, labelled 0, 0.8 >= t_1.
  expect(Array.from(confidentClasses([...distributions, 0.5, 0.5], [0.6, 0.55]))).toEqual([0, 0, 1, 1, 0, -1]);
});

test('of several classes above their thresholds the most probable counts', () => {
  expect(Array.from(confidentClasses([0.4, 0.45, 0.15], [0.3, 0.4, 0.1]))).toEqual([1]);
});

test('nothing is confidently of a class without samples', () => {
  const thresholds = confidentThresholds([0.1, 0.9], [0], 2);
  expect(thresholds[1]).toBeNaN();
  expect(Array.from(confidentClasses([0.05, 0.95], thresholds))).toEqual([-1]);
});
