import { expect, test } from 'vitest';
import type { Evaluation } from '../../../server/src/models/forward-pass/forward-pass.js';
import { meanOfViews } from '../../../server/src/training/mean-of-views.js';

/** Two images of two views each, two classes, three features. */
const found: Evaluation = {
  auxiliaryLogits: Float32Array.of(0, 2, 2, 2, 1, 1, 1, 1),
  targetLogits: Float32Array.of(4, 0, 0, 0, -1, 1, 1, -1),
  labelDistributions: new Float32Array(8),
  targetDistributions: new Float32Array(8),
  auxiliaryAttention: Float32Array.of(0.2, 0.4, 0.6, 1),
  targetAttention: Float32Array.of(0.5, 0.5, 0, 1),
  auxiliaryFeatures: Float32Array.of(1, 2, 3, 3, 4, 5, 0, 0, 0, 2, 2, 2),
  targetFeatures: new Float32Array(12),
};

test('what is said of an image is the mean over its views, distributions the softmax of mean logits', () => {
  const mean = meanOfViews(found, { views: 2, classes: 2 });
  const close = (values: Float32Array, expected: number[]): void =>
    expected.forEach((value, index) => expect(values[index]).toBeCloseTo(value, 6));
  close(mean.auxiliaryLogits, [1, 2, 1, 1]);
  close(mean.labelDistributions, [1 / (1 + Math.E), Math.E / (1 + Math.E), 0.5, 0.5]);
  close(mean.targetDistributions, [Math.E ** 2 / (1 + Math.E ** 2), 1 / (1 + Math.E ** 2), 0.5, 0.5]);
  close(mean.auxiliaryAttention, [0.3, 0.8]);
  close(mean.targetAttention, [0.5, 0.5]);
  close(mean.auxiliaryFeatures, [2, 3, 4, 1, 1, 1]);
  expect(mean.targetFeatures).toHaveLength(6);
});

test('of one view is what was found', () => {
  expect(meanOfViews(found, { views: 1, classes: 2 })).toBe(found);
});
