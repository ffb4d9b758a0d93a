import * as tf from '@tensorflow/tfjs-core';

/**
 * The two inner loops of training that an engine may replace by fused ones. `referenceKernels` composes them from tfjs operations:
 * correct on every backend, and what a fused kernel is tested against.
 */
export interface Kernels {
  /**
   * Batch norm over N, H, W with batch statistics, then residual, then ReLU, in one pass; differentiable in x, scale, shift and residual.
   * Shapes: x, residual, y `[N, H, W, C]`; scale, shift, mean, variance `[C]`. `variance` is the biased one; mean and variance carry no gradient.
   */
  batchNormTraining(x: tf.Tensor4D, scale: tf.Tensor1D, shift: tf.Tensor1D, options: BatchNormOptions): BatchNormResult;

  /** One Adam update of `parameter` and its two moments, in place. */
  adam(update: AdamUpdate): void;
}

export interface BatchNormOptions {
  residual?: tf.Tensor4D;
  relu: boolean;
  epsilon: number;
}

export interface BatchNormResult {
  y: tf.Tensor4D;
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
}

export interface AdamUpdate {
  parameter: tf.Variable;
  gradient: tf.Tensor;
  firstMoment: tf.Variable;
  secondMoment: tf.Variable;
  /** Counted from 1. */
  step: number;
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
}
