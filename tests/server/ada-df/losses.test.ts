import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { crossEntropy, kullbackLeibler, rankRegularization } from '../../../server/src/ada-df/losses.js';
import { expectClose, useEngine, valuesAndGradient } from './running-engine.js';

useEngine('cpu');

describe('cross entropy', () => {
  const logits = [0, Math.log(3), 0, 0]; // softmax: [1/4, 3/4], [1/2, 1/2]
  const given = (): tf.Tensor2D =>
    tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);

  it('is the mean of -log softmax(z1) of the given labels', async () => {
    const { values, gradient } = await valuesAndGradient(logits, (z) =>
      crossEntropy(tf.reshape(z, [2, 2]), given(), 0),
    );
    expectClose(values, [(Math.log(4) + Math.log(2)) / 2]);
    expectClose(gradient, [-0.375, 0.375, 0.25, -0.25]);
  });

  it('spreads the smoothed share of the label over all classes', async () => {
    const { values } = await valuesAndGradient(logits, (z) => crossEntropy(tf.reshape(z, [2, 2]), given(), 0.2));
    expectClose(values, [(0.9 * Math.log(4) + 0.1 * Math.log(4 / 3) + Math.log(2)) / 2]);
  });
});

describe('Kullback-Leibler divergence', () => {
  const uniformLogits = (): tf.Tensor2D => tf.zeros([2, 2]);

  it('sums over classes and divides by the samples at hand, not by a configured batch size', async () => {
    const { values } = await valuesAndGradient([0.75, 0.25, 0.5, 0.5], (q) =>
      kullbackLeibler(tf.reshape(q, [2, 2]), uniformLogits()),
    );
    expectClose(values, [(0.75 * Math.log(1.5) + 0.25 * Math.log(0.5)) / 2]);
  });

  it('counts 0 log 0 as 0 and keeps gradients finite there', async () => {
    const { values, gradient } = await valuesAndGradient([1, 0, 0.5, 0.5], (q) =>
      kullbackLeibler(tf.reshape(q, [2, 2]), uniformLogits()),
    );
    expectClose(values, [Math.log(2) / 2]);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  it('lets its gradient flow into q: (log q - log target + 1) / B', async () => {
    const q = [0.75, 0.25, 0.4, 0.6];
    const { gradient } = await valuesAndGradient(q, (fused) =>
      kullbackLeibler(tf.reshape(fused, [2, 2]), uniformLogits()),
    );
    expectClose(
      gradient,
      q.map((value) => (Math.log(2 * value) + 1) / 2),
    );
  });

  it('pulls the target logits to q: (softmax(z2) - q) / B', async () => {
    const { gradient } = await valuesAndGradient([0, 0, 0, 0], (z) =>
      kullbackLeibler(
        tf.tensor2d([
          [0.75, 0.25],
          [0.4, 0.6],
        ]),
        tf.reshape(z, [2, 2]),
      ),
    );
    expectClose(gradient, [-0.125, 0.125, 0.05, -0.05]);
  });
});

describe('rank regularisation', () => {
  const settings = { highAttentionShare: 0.7, rankMargin: 0.07 };

  it('asks the k = floor(B share) highest to exceed the rest by the margin on average', async () => {
    // B = 5: k = 3. High: 0.50, 0.52, 0.54 (mean 0.52); low: 0.47, 0.49 (mean 0.48).
    const { values, gradient } = await valuesAndGradient([0.5, 0.47, 0.54, 0.49, 0.52], (w) =>
      rankRegularization(w, settings),
    );
    expectClose(values, [0.48 - 0.52 + 0.07]);
    expectClose(gradient, [-1 / 3, 1 / 2, -1 / 3, 1 / 2, -1 / 3]);
  });

  it('is 0 without a gradient where the groups are further apart', async () => {
    const { values, gradient } = await valuesAndGradient([0.9, 0.1, 0.8, 0.2, 0.9], (w) =>
      rankRegularization(w, settings),
    );
    expectClose(values, [0], 0);
    expectClose(gradient, [0, 0, 0, 0, 0], 0);
  });

  it('puts every sample into one group where attentions tie', async () => {
    const { values, gradient } = await valuesAndGradient([0.5, 0.5, 0.5, 0.5], (w) => rankRegularization(w, settings));
    expectClose(values, [0.07]);
    expectClose(
      [...gradient].sort((a, b) => a - b),
      [-1 / 2, -1 / 2, 1 / 2, 1 / 2],
    );
  });

  it('is 0 where a group would be empty', () => {
    const values = tf.tidy(() =>
      [[0.5], [0.5, 0.6]].map(
        (w) => rankRegularization(tf.tensor1d(w), { highAttentionShare: 0.4, rankMargin: 0.07 }).dataSync()[0],
      ),
    );
    expect(values).toEqual([0, 0]);
  });
});
