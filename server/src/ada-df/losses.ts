import * as tf from '@tensorflow/tfjs-core';
import type { AdaDfConfig } from './config.js';
import { oneHot } from './distributions.js';
import { withoutGradient } from './without-gradient.js';

/**
 * Stands for a probability of 0 in the logarithm: log of it is finite, and 0 times that is 0. A normal float32, which
 * no GPU rounds to 0.
 */
const tiny = 1e-30;

/**
 * Mean cross entropy of z1 `[B, C]` against the given labels.
 * @param given one-hot y, `[B, C]`.
 * @param smoothing share of the label spread evenly over all C classes.
 */
export function crossEntropy(auxiliaryLogits: tf.Tensor2D, given: tf.Tensor2D, smoothing: number): tf.Scalar {
  const [batch, classes] = given.shape;
  const labels = smoothing === 0 ? given : tf.add(tf.mul(given, 1 - smoothing), smoothing / classes);
  return tf.div(tf.sum(tf.mul(labels, tf.logSoftmax(auxiliaryLogits))), -batch);
}

/** Sum of q * (log q - log softmax(z2)) / B, with 0 log 0 = 0. The gradient flows into q as well. */
export function kullbackLeibler(fused: tf.Tensor2D, targetLogits: tf.Tensor2D): tf.Scalar {
  const zeros = withoutGradient(() => tf.mul(tf.cast(tf.less(fused, tiny), 'float32'), tiny));
  const logFused = tf.log(tf.add(fused, zeros));
  return tf.div(tf.sum(tf.mul(fused, tf.sub(logFused, tf.logSoftmax(targetLogits)))), fused.shape[0]);
}

/**
 * max(0, mean(low) - mean(high) + margin), where high are the k = floor(B * share) samples of highest attention w
 * `[B]`, low the others.
 * 0 when one of the groups would be empty.
 */
export function rankRegularization(
  attention: tf.Tensor1D,
  { highAttentionShare, rankMargin }: Pick<AdaDfConfig, 'highAttentionShare' | 'rankMargin'>,
): tf.Scalar {
  const batch = attention.size;
  const k = Math.floor(batch * highAttentionShare);
  if (k === 0 || k === batch) return tf.scalar(0);
  const groupWeights = withoutGradient(() => {
    const high = tf.sum(oneHot(tf.topk(attention, k).indices, batch), 0);
    return tf.sub(tf.div(tf.sub(1, high), batch - k), tf.div(high, k));
  });
  return tf.relu(tf.add(tf.sum(tf.mul(attention, groupWeights)), rankMargin));
}
