import * as tf from '@tensorflow/tfjs-core';

/**
 * What `f` computes, as a constant: the gradient tape records none of it, and keeps none of its intermediate tensors.
 */
export function withoutGradient<T extends tf.Tensor>(f: () => T): T {
  return tf.customGrad(() => ({ value: f(), gradFunc: () => [] }))() as T;
}
