import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormOptions, BatchNormResult } from '../ada-df/kernels.js';

/** What a batch norm's kernels keep for its gradient: the statistics that they read there, `[C]`. */
export interface NormalisedBatch extends BatchNormResult {
  /** What the gradient reads of the deviation: the variance, or its inverse root. */
  spread: tf.Tensor1D;
}

/** The kernels of one engine. */
export interface BatchNormKernels {
  normalise(
    x: tf.Tensor4D,
    scale: tf.Tensor1D,
    shift: tf.Tensor1D,
    residual: tf.Tensor4D | undefined,
    options: BatchNormOptions,
  ): NormalisedBatch;
  /** @param saved x, scale, mean, spread, and y where ReLU follows. @returns gradients of x, scale, shift, residual. */
  gradients(dy: tf.Tensor, saved: tf.Tensor[], hasResidual: boolean, options: BatchNormOptions): tf.Tensor[];
}

/** Puts kernels of a batch norm on tfjs's tape. */
export function differentiatedBatchNorm(
  kernels: BatchNormKernels,
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  options: BatchNormOptions,
): BatchNormResult {
  const kept: tf.Tensor1D[] = [];
  const forward = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [input, gain, bias, residual] = args as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor4D | undefined];
    const { y, mean, variance, spread } = kernels.normalise(input, gain, bias, residual, options);
    kept.push(tf.keep(mean), tf.keep(variance));
    save(options.relu ? [input, gain, mean, spread, y] : [input, gain, mean, spread]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => kernels.gradients(dy, saved, residual !== undefined, options),
    };
  });
  const inputs: tf.Tensor[] = options.residual === undefined ? [x, scale, shift] : [x, scale, shift, options.residual];
  const y = forward(...inputs) as tf.Tensor4D;
  // Kept tensors outlive the scope of customGrad; their clones belong to the caller's.
  const [mean, variance] = kept.map((tensor) => {
    const tracked = tensor.clone();
    tensor.dispose();
    return tracked;
  });
  return { y, mean, variance };
}
