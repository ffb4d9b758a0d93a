import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batchNorm, type BatchNorm } from '../../../server/src/ada-df/batch-norm.js';
import { referenceKernels } from '../../../server/src/ada-df/kernels.js';
import { expectClose, useEngine, withoutLeak } from './running-engine.js';

useEngine('cpu');

function withNorm(work: (norm: BatchNorm) => void): Promise<void> {
  return withoutLeak(() => {
    const variable = (value: number): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d([value]), false));
    const norm = { scale: variable(2), shift: variable(1), runningMean: variable(1), runningVariance: variable(4) };
    tf.tidy(() => work(norm));
    tf.dispose(Object.values(norm));
  });
}

describe('batch norm', () => {
  it('moves its running statistics by a tenth in training, the variance towards the unbiased one', () =>
    withNorm((norm) => {
      batchNorm(
        tf.tensor4d([1, 3, 5, 7], [1, 2, 2, 1]),
        norm,
        { relu: false },
        { training: true, kernels: referenceKernels },
      );
      expectClose(norm.runningMean.dataSync(), [0.9 * 1 + 0.1 * 4]);
      expectClose(norm.runningVariance.dataSync(), [0.9 * 4 + 0.1 * (20 / 3)]);
    }));

  it('normalises by its running statistics in evaluation, and leaves them alone', () =>
    withNorm((norm) => {
      const mode = { training: false, kernels: referenceKernels };
      const x = tf.tensor4d([1, 3, -5, 7], [1, 2, 2, 1]);
      // 2 (x - 1) / sqrt(4) + 1 = x, but for epsilon.
      expectClose(batchNorm(x, norm, { relu: false }, mode).dataSync(), [1, 3, -5, 7], 1e-4);
      expectClose(
        batchNorm(x, norm, { relu: true, residual: tf.fill([1, 2, 2, 1], 2) }, mode).dataSync(),
        [3, 5, 0, 9],
        1e-4,
      );
      expectClose(norm.runningMean.dataSync(), [1], 0);
      expectClose(norm.runningVariance.dataSync(), [4], 0);
    }));

  it('refuses to train on one value per channel, which has no variance', () =>
    withNorm((norm) => {
      const one = tf.tensor4d([1], [1, 1, 1, 1]);
      expect(() => batchNorm(one, norm, { relu: false }, { training: true, kernels: referenceKernels })).toThrow(
        'more than one value per channel to train, found an activation of shape [1,1,1,1]',
      );
    }));
});
