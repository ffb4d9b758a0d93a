import * as tf from '@tensorflow/tfjs-core';
import type { AdamUpdate, BatchNormOptions, BatchNormResult, Kernels } from '../../ada-df/kernels.js';

/** Mean of `[M, C]` over its rows: `[C]`. */
export type ChannelMean = (rows: tf.Tensor2D) => tf.Tensor1D;

export const meanByReduction: ChannelMean = (rows) => tf.mean(rows, 0);

/** The same as an average pool over all rows: on tfjs-wasm several times as fast as its reduction, which transposes first. */
export const meanByPooling: ChannelMean = (rows) => {
  const [count, channels] = rows.shape;
  return tf.reshape(tf.avgPool(tf.reshape(rows, [1, count, 1, channels]) as tf.Tensor4D, [count, 1], 1, 'valid'), [channels]);
};

/** Batch norm and Adam composed of tfjs operations, with batch norm's gradient written out so that the tape holds x and y alone. */
export function composedKernels(channelMean: ChannelMean): Kernels {
  return {
    batchNormTraining: (x, scale, shift, options) => batchNormTraining(x, scale, shift, options, channelMean),
    adam: composedAdam,
  };
}

function batchNormTraining(x: tf.Tensor4D, scale: tf.Tensor1D, shift: tf.Tensor1D, options: BatchNormOptions, channelMean: ChannelMean): BatchNormResult {
  const meanOf = (tensor: tf.Tensor4D): tf.Tensor1D => channelMean(tf.reshape(tensor, [tensor.size / scale.size, scale.size]));
  const kept: tf.Tensor1D[] = [];
  const forward = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [input, gain, bias, residual] = args as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor4D | undefined];
    const mean = meanOf(input);
    const variance = meanOf(tf.square(tf.sub(input, mean)));
    kept.push(tf.keep(mean), tf.keep(variance));
    const inverseDeviation = tf.rsqrt(tf.add(variance, options.epsilon));
    const normalised = tf.mul(tf.sub(input, mean), tf.mul(gain, inverseDeviation));
    const sum = residual === undefined ? tf.add(normalised, bias) : tf.add(tf.add(normalised, bias), residual);
    const y = options.relu ? tf.relu(sum) : sum;
    save(options.relu ? [input, gain, mean, inverseDeviation, y] : [input, gain, mean, inverseDeviation]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const gradients = batchNormGradients(dy as tf.Tensor4D, saved, meanOf);
      return residual === undefined ? gradients.slice(0, 3) : gradients;
    };
    return { value: y, gradFunc };
  });
  const inputs: tf.Tensor[] = options.residual === undefined ? [x, scale, shift] : [x, scale, shift, options.residual];
  const y = forward(...inputs) as tf.Tensor4D;
  const [mean, variance] = kept.map((tensor) => {
    const tracked = tensor.clone();
    tensor.dispose();
    return tracked;
  });
  return { y, mean, variance };
}

/** @returns gradients of x, scale, shift and residual. */
function batchNormGradients(dy: tf.Tensor4D, saved: tf.Tensor[], meanOf: (tensor: tf.Tensor4D) => tf.Tensor1D): tf.Tensor[] {
  const [x, scale, mean, inverseDeviation, y] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor4D | undefined];
  const g = y === undefined ? dy : tf.mul(dy, tf.step(y));
  const normalised = tf.mul(tf.sub(x, mean), inverseDeviation);
  const meanG = meanOf(g as tf.Tensor4D);
  const meanProduct = meanOf(tf.mul(g, normalised));
  const centred = tf.sub(tf.sub(g, meanG), tf.mul(normalised, meanProduct));
  const rows = x.size / scale.size;
  return [tf.mul(centred, tf.mul(scale, inverseDeviation)), tf.mul(meanProduct, rows), tf.mul(meanG, rows), g];
}

function composedAdam(update: AdamUpdate): void {
  const { parameter, gradient, firstMoment, secondMoment, step, learningRate, beta1, beta2, epsilon } = update;
  tf.tidy(() => {
    firstMoment.assign(tf.add(tf.mul(firstMoment, beta1), tf.mul(gradient, 1 - beta1)));
    secondMoment.assign(tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
    const deviation = tf.add(tf.mul(tf.sqrt(secondMoment), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
    const change = tf.div(tf.mul(firstMoment, learningRate / (1 - beta1 ** step)), deviation);
    parameter.assign(tf.sub(parameter, change));
  });
}
