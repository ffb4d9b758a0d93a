import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../../ada-df/kernels.js';
import { withoutGradient } from '../../ada-df/without-gradient.js';

/**
 * The given kernels with a training pass forward that rounds as little as float32 allows. A ReLU unit whose input lies
 * within the usual
 * rounding error of zero (1e-6 after ten layers) is on with one kernel and off with the next, and each flip moves
 * gradients by up to 1e-2:
 * more than the tolerances, and by luck. What is compared after this is the mathematics. Every product is still the
 * engine's own.
 */
export function preciseKernels(kernels: Kernels): Kernels {
  const convolve: Convolve =
    kernels.convolution ?? ((x, filter, stride, padding) => tf.conv2d(x, filter, stride, padding));
  return {
    ...kernels,
    /** The result and gradient of the engine's convolution, plus what its rounding lost. */
    convolution: (x, filter, stride, padding) => {
      const rounded = convolve(x, filter, stride, padding);
      return tf.add(
        rounded,
        withoutGradient(() => tf.sub(splitConvolution(convolve, x, filter, stride, padding), rounded)),
      );
    },
    /** Batch norm does not see a shift of its input: centred first, its mean costs no digits. */
    batchNormTraining: (x, scale, shift, options) => {
      const centre = withoutGradient(() => tf.mean<tf.Tensor1D>(tf.mean(x, [1, 2]), 0));
      const { mean, ...rest } = kernels.batchNormTraining(tf.sub(x, centre), scale, shift, options);
      return { ...rest, mean: tf.add(mean, centre) };
    },
  };
}

type Convolve = NonNullable<Kernels['convolution']>;

/** Activations are rounded to multiples of this: 9 bits and sign up to 16. */
const activationStep = 2 ** -5;
/** Bits kept of a filter, from the largest value of its initial distribution down. */
const filterBits = 8;

/**
 * Each factor is split into a coarse part, of so few bits that sums of products of coarse parts are exact in float32,
 * and a rest,
 * whose products are small and lose digits that no longer matter. Source: Ozaki et al. 2012, in two slices.
 */
function splitConvolution(
  convolve: Convolve,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  stride: number,
  padding: number,
): tf.Tensor4D {
  const [height, width, inputs] = filter.shape;
  const filterBound = Math.sqrt(6 / (height * width * inputs));
  const filterStep = 2 ** (Math.ceil(Math.log2(filterBound)) - filterBits);
  const coarseX = roundToMultiple(x, activationStep);
  const coarseFilter = roundToMultiple(filter, filterStep);
  const exact = convolve(coarseX, coarseFilter, stride, padding);
  const restOfFilter = convolve(coarseX, tf.sub(filter, coarseFilter), stride, padding);
  const restOfX = convolve(tf.sub(x, coarseX), filter, stride, padding);
  return tf.add(exact, tf.add(restOfFilter, restOfX));
}

/** `step` is a power of two. A float32 of this size has its last bit at `step`, so adding it rounds. */
function roundToMultiple(x: tf.Tensor4D, step: number): tf.Tensor4D {
  const large = 1.5 * 2 ** 23 * step;
  return tf.sub(tf.add(x, large), large);
}
