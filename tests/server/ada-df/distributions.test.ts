import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  certainty,
  fusedDistribution,
  fusionWeight,
  labelDistribution,
} from '../../../server/src/ada-df/distributions.js';
import { expectClose, numericGradient, useEngine, valuesAndGradient } from './running-engine.js';

useEngine('cpu');
const range = { minimumFusionWeight: 0.2, maximumFusionWeight: 1 };

describe('label distribution', () => {
  it('is the softmax of the auxiliary logits', async () => {
    const { values } = await valuesAndGradient([0, Math.log(3), 0, 0], (z) => labelDistribution(tf.reshape(z, [2, 2])));
    expectClose(values, [0.25, 0.75, 0.5, 0.5]);
  });
});

describe('certainty of the label distribution', () => {
  it('is 1 - H(p) / log C: 0 where all classes are alike, near 1 where one stands out, with its own gradient', async () => {
    const logits = [0, 0, 0, 0, 9, -9, -9, -9, 1, 0.5, -1, 0.2];
    const ofRows = (z: tf.Tensor1D): tf.Tensor1D => certainty(tf.reshape(z, [3, 4]) as tf.Tensor2D);
    const { values, gradient } = await valuesAndGradient(logits, ofRows, [1, 1, 1]);
    const p = [1, 0.5, -1, 0.2].map(Math.exp);
    const sum = p.reduce((total, value) => total + value, 0);
    const entropy = p.reduce((total, value) => total - (value / sum) * Math.log(value / sum), 0);
    expectClose(values, [0, 1, 1 - entropy / Math.log(4)], 1e-5);
    expectClose(gradient, await numericGradient(logits, ofRows, [1, 1, 1]), 2e-2);
  });
});

describe('fusion weight', () => {
  it('stretches the attentions of a batch to w_min..w_max', async () => {
    const { values } = await valuesAndGradient([0.3, 0.5, 0.4], (w) => fusionWeight(w, range));
    expectClose(values, [0.2, 1, 0.6]);
  });

  it('has the gradient of the stretching, through minimum and maximum too', async () => {
    const [w, weights] = [
      [0.3, 0.7, 0.45, 0.5],
      [1, -2, 3, 0.5],
    ];
    const f = (x: tf.Tensor1D): tf.Tensor => fusionWeight(x, range);
    expectClose((await valuesAndGradient(w, f, weights)).gradient, await numericGradient(w, f, weights), 2e-2);
  });

  it('stretches over a range larger than the batch, and holds what lies outside at w_min and w_max', async () => {
    const { values, gradient } = await valuesAndGradient([0.1, 0.3, 0.45, 0.9], (w) =>
      fusionWeight(w, range, [0.2, 0.6]),
    );
    expectClose(values, [0.2, 0.4, 0.7, 1]);
    expectClose(gradient, [0, 2, 2, 0]);
  });

  it('is w_max, with a gradient of 0, where all attentions are equal', async () => {
    const { values, gradient } = await valuesAndGradient([0.4, 0.4, 0.4], (w) => fusionWeight(w, range), [1, -2, 3]);
    expectClose(values, [1, 1, 1], 0);
    expectClose(gradient, [0, 0, 0], 0);
  });

  it('shares the gradient of a tied maximum evenly', async () => {
    const { gradient } = await valuesAndGradient([0.2, 0.7, 0.7, 0.45], (w) => fusionWeight(w, range), [0, 0, 0, 1]);
    expect(gradient[1]).toBeCloseTo(gradient[2]!, 6);
    // d v4 / d max = -0.8 * (0.45 - 0.2) / 0.5^2 = -0.8, half of it for each.
    expect(gradient[1]).toBeCloseTo(-0.4, 5);
  });
});

describe('fused distribution', () => {
  it('is (1 - v) p + v L[y]', async () => {
    const { values } = await valuesAndGradient([0.25, 1], (v) =>
      fusedDistribution(
        tf.tensor2d([
          [0.8, 0.2],
          [0.5, 0.5],
        ]),
        v,
        tf.tensor2d([
          [0.4, 0.6],
          [0.9, 0.1],
        ]),
      ),
    );
    expectClose(values, [0.7, 0.3, 0.9, 0.1]);
  });
});
