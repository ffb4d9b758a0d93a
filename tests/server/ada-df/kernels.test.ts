import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { uniform } from '../../../server/src/ada-df/initial-weights.js';
import { referenceKernels } from '../../../server/src/ada-df/kernels.js';
import { expectClose, numericGradient, useEngine, valuesAndGradient, withoutLeak } from './running-engine.js';

useEngine('cpu');
const [batch, height, width, channels] = [3, 2, 2, 2] as const;
const size = batch * height * width * channels;
const noise = (seed: number, length = size): number[] => Array.from({ length }, (_, i) => 4 * uniform(seed, i) - 2);
const shape: [number, number, number, number] = [batch, height, width, channels];

describe('reference batch norm', () => {
  const weights = noise(4);
  /** Everything differentiable in one vector: x, residual, scale, shift. */
  const inputs = [...noise(1), ...noise(2), 1.2, 0.7, 0.3, -0.1];
  const withResidual =
    (relu: boolean) =>
    (all: tf.Tensor1D): tf.Tensor => {
      const [x, residual] = [0, size].map((start) => tf.reshape(tf.slice(all, start, size), shape) as tf.Tensor4D);
      const [scale, shift] = [2 * size, 2 * size + channels].map((start) => tf.slice(all, start, channels));
      return referenceKernels.batchNormTraining(x!, scale!, shift!, { residual, relu, epsilon: 1e-5 }).y;
    };

  it('has zero mean and unit variance per channel before scale and shift', async () => {
    const { values } = await valuesAndGradient(noise(1), (x) => {
      const { y } = referenceKernels.batchNormTraining(
        tf.reshape(x, shape) as tf.Tensor4D,
        tf.ones([channels]),
        tf.zeros([channels]),
        { relu: false, epsilon: 0 },
      );
      return y;
    });
    for (let channel = 0; channel < channels; channel++) {
      const own = values.filter((_, i) => i % channels === channel);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      expect(mean).toBeCloseTo(0, 5);
      expect(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length).toBeCloseTo(1, 5);
    }
  });

  it('returns the mean and the biased variance of the batch', () => {
    const [mean, variance] = tf.tidy(() => {
      const x = tf.tensor4d([1, 10, 3, 30, 5, 50, 7, 70], [1, 2, 2, 2]);
      const result = referenceKernels.batchNormTraining(x, tf.ones([2]), tf.zeros([2]), { relu: true, epsilon: 1e-5 });
      return [result.mean.dataSync(), result.variance.dataSync()];
    });
    expectClose(mean!, [4, 40]);
    expectClose(variance!, [5, 500]);
  });

  it.each([false, true])('agrees with finite differences in x, residual, scale and shift (relu: %s)', async (relu) => {
    const f = withResidual(relu);
    expectClose(
      (await valuesAndGradient(inputs, f, weights)).gradient,
      await numericGradient(inputs, f, weights, 2e-3),
      1.5e-2,
    );
  });
});

describe('reference Adam', () => {
  it('makes the first steps of Kingma and Ba, in place', async () => {
    await withoutLeak(() => {
      const [parameter, firstMoment, secondMoment] = [
        [1, 1, 1],
        [0, 0, 0],
        [0, 0, 0],
      ].map((values) => tf.tidy(() => tf.variable(tf.tensor1d(values), false)));
      const update = {
        parameter: parameter!,
        firstMoment: firstMoment!,
        secondMoment: secondMoment!,
        learningRate: 0.1,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
      };
      for (const [index, values] of [
        [2, -3, 0],
        [1, -3, 0],
      ].entries()) {
        const gradient = tf.tensor1d(values);
        referenceKernels.adam({ ...update, gradient, step: index + 1 });
        gradient.dispose();
      }
      // First step: 0.1 against the sign. Second: m = 0.28, v = 0.004996, corrected by 0.19 and 0.001999.
      const second = (0.1 * (0.28 / 0.19)) / Math.sqrt(0.004996 / 0.001999);
      expectClose(parameter!.dataSync(), [0.9 - second, 1.2, 1], 1e-5);
      expectClose(firstMoment!.dataSync(), [0.28, -0.57, 0]);
      tf.dispose([parameter!, firstMoment!, secondMoment!]);
    });
  });
});
