import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../ada-df/kernels.js';

/**
 * Largest difference from the reference, as a share of the largest value; right kernels stay a hundred times below.
 */
const tolerance = 1e-4;

/** The sine of evenly spaced angles: numbers of both signs that no two engines round into agreement by chance. */
export function waves(shape: number[], step: number): Float32Array {
  return Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => Math.sin(step * (index + 1)));
}

/** @throws Error that names `title` and by how much it is off. */
export function compareValues(title: string, found: ArrayLike<number>, expected: ArrayLike<number>): void {
  let [difference, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    const d = Math.abs(found[i] - expected[i]);
    if (!(d <= difference)) difference = d;
  }
  if (!(difference <= tolerance * largest))
    throw new Error(
      `${title}: off by ${(difference / largest).toExponential(1)} of the largest value, at most ${tolerance} expected`,
    );
}

/**
 * Batch norm with residual and ReLU (value and gradients) and Adam, on tensors of `channels` channels. The caller
 * disposes.
 */
export function trainingResults(kernels: Kernels, channels: number): tf.Tensor[] {
  const shape: [number, number, number, number] = [2, 5, 5, channels];
  const tensor = (step: number, of: number[]): tf.Tensor => tf.tensor(waves(of, step), of);
  const inputs = [tensor(1.1, shape), tensor(0.9, [channels]), tensor(1.7, [channels]), tensor(2.3, shape)];
  const normalise = (...[x, scale, shift, residual]: tf.Tensor[]): tf.Tensor =>
    kernels.batchNormTraining(x as tf.Tensor4D, scale as tf.Tensor1D, shift as tf.Tensor1D, {
      residual: residual as tf.Tensor4D,
      relu: true,
      epsilon: 1e-5,
    }).y;
  const y = normalise(...inputs);
  const gradients = tf.grads(normalise)(inputs, tensor(0.6, shape));
  return [y, ...gradients, ...adamResults(kernels, tensor)];
}

function adamResults(kernels: Kernels, tensor: (step: number, of: number[]) => tf.Tensor): tf.Tensor[] {
  const [parameter, firstMoment, secondMoment] = [1.9, 0.5, 0.3].map((step) => tf.variable(tf.abs(tensor(step, [11]))));
  kernels.adam({
    parameter,
    gradient: tensor(1.5, [11]),
    firstMoment,
    secondMoment,
    step: 3,
    learningRate: 0.1,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  });
  return [parameter, firstMoment, secondMoment].map((variable) => {
    const value = tf.add(variable, 0);
    variable.dispose();
    return value;
  });
}
