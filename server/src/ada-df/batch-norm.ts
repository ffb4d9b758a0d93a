import * as tf from '@tensorflow/tfjs-core';
import type { Kernels, StatisticsUpdate } from './kernels.js';

/** PyTorch's defaults, which the authors keep. */
export const batchNormEpsilon = 1e-5;
const momentum = 0.1;

/** All `[C]`. */
export interface BatchNorm {
  scale: tf.Variable;
  shift: tf.Variable;
  runningMean: tf.Variable;
  runningVariance: tf.Variable;
}

export interface Mode {
  training: boolean;
  kernels: Kernels;
  /** Needed in training when the dropout rate is above 0. */
  dropoutSeed?: number;
}

export interface AfterNorm {
  residual?: tf.Tensor4D;
  relu: boolean;
}

/**
 * Batch norm of x `[B, H, W, C]`, then the residual is added, then ReLU. In training it uses and follows the batch's
 * statistics.
 */
export function batchNorm(x: tf.Tensor4D, norm: BatchNorm, after: AfterNorm, { training, kernels }: Mode): tf.Tensor4D {
  if (!training) return normaliseByRunningStatistics(x, norm, after);
  const { y, mean, variance } = kernels.batchNormTraining(x, norm.scale as tf.Tensor1D, norm.shift as tf.Tensor1D, {
    ...after,
    epsilon: batchNormEpsilon,
  });
  const values = x.size / mean.size;
  if (values < 2)
    throw new Error(
      `Batch norm needs more than one value per channel to train, found an activation of shape [${x.shape}].`,
    );
  const follow = kernels.followStatistics ?? followStatistics;
  follow({ runningMean: norm.runningMean, runningVariance: norm.runningVariance, mean, variance, momentum, values });
  return y;
}

function followStatistics({ runningMean, runningVariance, mean, variance, momentum, values }: StatisticsUpdate): void {
  const follow = (running: tf.Variable, batch: tf.Tensor): void =>
    running.assign(tf.add(running, tf.mul(tf.sub(batch, running), momentum)));
  follow(runningMean, mean);
  follow(runningVariance, tf.mul(variance, values / (values - 1)));
}

function normaliseByRunningStatistics(x: tf.Tensor4D, norm: BatchNorm, { residual, relu }: AfterNorm): tf.Tensor4D {
  const factor = tf.mul(norm.scale, tf.rsqrt(tf.add(norm.runningVariance, batchNormEpsilon)));
  const offset = tf.sub(norm.shift, tf.mul(norm.runningMean, factor));
  const normalised = tf.add<tf.Tensor4D>(tf.mul(x, factor), offset);
  const sum = residual ? tf.add<tf.Tensor4D>(normalised, residual) : normalised;
  return relu ? tf.relu(sum) : sum;
}
