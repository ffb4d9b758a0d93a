import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from './without-gradient.js';

/**
 * The two inner loops of training that an engine may replace by fused ones. `referenceKernels` composes them from tfjs
 * operations:
 * correct on every backend, and what a fused kernel is tested against.
 */
export interface Kernels {
  /**
   * Batch norm over N, H, W with batch statistics, then residual, then ReLU, in one pass; differentiable in x, scale,
   * shift and residual.
   * Shapes: x, residual, y `[N, H, W, C]`; scale, shift, mean, variance `[C]`. `variance` is the biased one; mean and
   * variance carry no gradient.
   */
  batchNormTraining(x: tf.Tensor4D, scale: tf.Tensor1D, shift: tf.Tensor1D, options: BatchNormOptions): BatchNormResult;

  /**
   * Convolution of x `[N, H, W, in]` with a filter `[k, k, in, out]`, zeros on every side; differentiable in both.
   * Default: `tf.conv2d`.
   */
  convolution?(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number, padding: number): tf.Tensor4D;

  /**
   * Convolution of x with a filter as above, then `bias` `[out]`, then residual, then ReLU, in one pass, without
   * gradients: for evaluation with
   * every batch norm folded into the convolution before it.
   */
  finishedConvolution?(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D, options: FinishOptions): tf.Tensor4D;

  /**
   * Moves both running statistics of a batch norm towards the batch's, in place. Default: composed from tfjs
   * operations.
   */
  followStatistics?(update: StatisticsUpdate): void;

  /** One Adam update of `parameter` and its two moments, in place. */
  adam(update: AdamUpdate): void;
}

export interface BatchNormOptions {
  residual?: tf.Tensor4D;
  relu: boolean;
  epsilon: number;
}

interface FinishOptions {
  stride: number;
  /** Zeros on every side. */
  padding: number;
  residual?: tf.Tensor4D;
  relu: boolean;
}

export interface BatchNormResult {
  y: tf.Tensor4D;
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
}

/**
 * running = (1 - momentum) * running + momentum * batch, where the batch's variance is made unbiased by `values` /
 * (`values` - 1). All `[C]`.
 */
export interface StatisticsUpdate {
  runningMean: tf.Variable;
  runningVariance: tf.Variable;
  mean: tf.Tensor1D;
  /** The biased one. */
  variance: tf.Tensor1D;
  momentum: number;
  /** Values per channel in the batch. */
  values: number;
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

/** Composed from tfjs operations. */
export const referenceKernels: Kernels = {
  batchNormTraining(x, scale, shift, options) {
    const mean = withoutGradient(() => channelMean(x));
    const variance = withoutGradient(() => channelMean(tf.square(tf.sub(x, mean))));
    return { y: normalise(x, scale, shift, { ...options, mean, variance }), mean, variance };
  },

  adam({ parameter, gradient, firstMoment, secondMoment, step, learningRate, beta1, beta2, epsilon }) {
    tf.tidy(() => {
      firstMoment.assign(tf.add(tf.mul(firstMoment, beta1), tf.mul(gradient, 1 - beta1)));
      secondMoment.assign(tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
      const denominator = tf.add(tf.mul(tf.sqrt(secondMoment), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
      parameter.assign(tf.sub(parameter, tf.div(tf.mul(firstMoment, learningRate / (1 - beta1 ** step)), denominator)));
    });
  },
};

type Normalisation = BatchNormOptions & { mean: tf.Tensor1D; variance: tf.Tensor1D };

/**
 * Differentiates through the batch statistics, of which the tape sees only the values. M below is the number of values
 * per channel.
 */
function normalise(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  { residual, relu, epsilon, mean, variance }: Normalisation,
): tf.Tensor4D {
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] =>
    tf.tidy(() => {
      const [x, scale, mean, variance, y] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor4D?];
      const ds = (y ? tf.mul(dy, tf.step(y)) : tf.clone(dy)) as tf.Tensor4D;
      const deviation = tf.sub<tf.Tensor4D>(x, mean);
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const meanGradient = channelMean(ds);
      const meanProduct = channelMean(tf.mul(ds, deviation));
      const centred = tf.sub(tf.sub(ds, meanGradient), tf.mul(deviation, tf.mul(meanProduct, tf.square(inverse))));
      const M = x.size / scale.size;
      const dx = tf.mul(centred, tf.mul(scale, inverse));
      const dScale = tf.mul(tf.mul(meanProduct, inverse), M);
      return [dx, dScale, tf.mul(meanGradient, M), ...(residual ? [ds] : [])];
    });
  const inputs = residual ? [x, scale, shift, residual] : [x, scale, shift];
  return tf.customGrad((...parts) => {
    const save = parts.pop() as unknown as tf.GradSaveFunc;
    const normalised = tf.add(tf.mul(tf.sub(x, mean), tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)))), shift);
    const sum = residual ? tf.add(normalised, residual) : normalised;
    const value = relu ? tf.relu(sum) : sum;
    save(relu ? [x, scale, mean, variance, value] : [x, scale, mean, variance]);
    return { value, gradFunc };
  })(...inputs) as tf.Tensor4D;
}

/** Mean over N, H, W: first over H and W, so that float32 sums stay short. */
function channelMean(x: tf.Tensor): tf.Tensor1D {
  return tf.mean(tf.mean(x, [1, 2]), 0);
}
