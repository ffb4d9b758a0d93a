import * as tf from '@tensorflow/tfjs-core';
import type { KernelOverrides } from '../kernel-overrides.js';

/**
 * Gives a backend the kernel that the gradient of `tf.gather` needs: row i of the result is the sum of the rows of x
 * whose segment is i. As a
 * product with the segments' indicator matrix it costs segments x rows, which suits small tables.
 */
export function registerSegmentSum(overrides: KernelOverrides): void {
  overrides.set('UnsortedSegmentSum', ({ inputs, attrs }) => {
    const [x, segmentIds] = [inputs.x, inputs.segmentIds] as tf.Tensor[];
    const { numSegments } = attrs as unknown as tf.UnsortedSegmentSumAttrs;
    return tf.tidy(() => {
      const rows = segmentIds.size;
      const indicator = tf.cast(
        tf.oneHot(tf.reshape(tf.cast(segmentIds, 'int32'), [rows]), numSegments),
        'float32',
      ) as tf.Tensor2D;
      const sums = tf.matMul(tf.transpose(indicator), tf.reshape(x, [rows, x.size / rows]));
      return tf.reshape(sums, [numSegments, ...x.shape.slice(segmentIds.rank)]);
    });
  });
}
