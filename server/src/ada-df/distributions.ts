import * as tf from '@tensorflow/tfjs-core';
import type { AdaDfConfig } from './config.js';
import { withoutGradient } from './without-gradient.js';

/** `[N]` -> `[N, classes]`. Cast afterwards: tfjs-wasm writes integers whatever type it is asked for. */
export function oneHot(labels: Int32Array | tf.Tensor, classes: number): tf.Tensor2D {
  return tf.cast(tf.oneHot(tf.cast(labels, 'int32'), classes), 'float32') as tf.Tensor2D;
}

/** p = softmax(z1), `[B, C]`. */
export function labelDistribution(auxiliaryLogits: tf.Tensor2D): tf.Tensor2D {
  return tf.softmax(auxiliaryLogits);
}

/**
 * 1 - H(p) / log C, `[B]`: how certain p = softmax(z1) is, in [0, 1]. What `fusionSource: 'certainty'` stretches to v
 * where the paper stretches w.
 */
export function certainty(auxiliaryLogits: tf.Tensor2D): tf.Tensor1D {
  const classes = auxiliaryLogits.shape[1];
  const negative = tf.sum(tf.mul(tf.softmax(auxiliaryLogits), tf.logSoftmax(auxiliaryLogits)), 1);
  return tf.add(tf.div(negative, Math.log(classes)), 1) as tf.Tensor1D;
}

/**
 * v = (w - min w) / (max w - min w) * (w_max - w_min) + w_min, min and max over the batch, `[B]`; w_max where all
 * attentions are equal.
 * @param attention w, `[B]`; the gradient flows through its minimum and maximum too.
 * @param whole min w and max w of something larger than the batch; what lies outside is held at w_min and w_max.
 */
export function fusionWeight(
  attention: tf.Tensor1D,
  config: Pick<AdaDfConfig, 'minimumFusionWeight' | 'maximumFusionWeight'>,
  whole?: readonly [number, number],
): tf.Tensor1D {
  if (whole && whole[1] > whole[0]) return weightWithin(attention, config, whole);
  const { minimumFusionWeight: wMin, maximumFusionWeight: wMax } = config;
  const minimum = extreme(attention, tf.min);
  const range = tf.sub(extreme(attention, tf.max), minimum);
  const allEqual = withoutGradient(() => tf.cast(tf.equal(range, 0), 'float32'));
  const scaled = tf.div(tf.sub(attention, minimum), tf.add(range, allEqual));
  const weight = tf.add(tf.mul(scaled, wMax - wMin), wMin);
  return tf.add(tf.mul(weight, tf.sub(1, allEqual)), tf.mul(allEqual, wMax));
}

function weightWithin(
  attention: tf.Tensor1D,
  {
    minimumFusionWeight: wMin,
    maximumFusionWeight: wMax,
  }: Pick<AdaDfConfig, 'minimumFusionWeight' | 'maximumFusionWeight'>,
  [low, high]: readonly [number, number],
): tf.Tensor1D {
  const scaled = tf.div(tf.sub(attention, low), high - low);
  const clipped = tf.sub(tf.relu(scaled), tf.relu(tf.sub(scaled, 1)));
  return tf.add(tf.mul(clipped, wMax - wMin), wMin);
}

/** q = (1 - v) * p + v * L[y], `[B, C]`. */
export function fusedDistribution(p: tf.Tensor2D, v: tf.Tensor1D, classDistribution: tf.Tensor2D): tf.Tensor2D {
  const column = tf.reshape(v, [v.size, 1]);
  return tf.add(tf.mul(tf.sub(1, column), p), tf.mul(column, classDistribution));
}

/** Minimum or maximum, whose gradient is shared evenly among ties, as PyTorch's is. */
function extreme(values: tf.Tensor1D, reduce: (x: tf.Tensor) => tf.Tensor): tf.Scalar {
  return tf.customGrad((x, save) => {
    const value = reduce(x as tf.Tensor);
    const ties = tf.cast(tf.equal(x as tf.Tensor, value), 'float32');
    (save as tf.GradSaveFunc)([ties]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [ties]: tf.Tensor[]) => tf.tidy(() => tf.mul(dy, tf.div(ties!, tf.sum(ties!)))),
    };
  })(values) as tf.Scalar;
}
