import * as tf from '@tensorflow/tfjs-core';
import { referenceKernels, type Kernels } from '../ada-df/kernels.js';
import { composedGradients } from './composed/convolution-gradients.js';
import type { Convolutions } from './convolution/convolutions.js';
import { filterShapeOf, geometryOf, inShapeOf, outShapeOf, type ConvolutionGeometry } from './convolution/geometry.js';

/**
 * Largest difference from the composed operations, as a share of the largest value; right kernels stay a hundred times
 * below.
 */
const TOLERANCE = 1e-4;

/** [N, H, W, Ci], [Kh, Kw, Ci, Co], stride, pad: each way in which a kernel may go through a convolution. */
const CONVOLUTIONS: [number[], number[], number, number][] = [
  [[2, 12, 12, 8], [3, 3, 8, 16], 1, 1],
  [[2, 5, 5, 16], [3, 3, 16, 8], 2, 1],
  [[2, 17, 17, 3], [7, 7, 3, 10], 2, 3],
  [[2, 6, 6, 8], [1, 1, 8, 8], 2, 0],
  [[3, 4, 4, 6], [1, 1, 6, 12], 1, 0],
];

/**
 * Compares convolutions, forward and back, with tfjs's forward kernel and the composed gradients. Run it while those
 * are in place.
 * @throws Error that names the first kernel that differs and by how much.
 */
export function checkConvolutions(convolutions: Convolutions): void {
  for (const [inShape, filterShape, strides, pad] of CONVOLUTIONS) {
    const g = geometryOf(inShape, filterShape, { strides, pad, dataFormat: 'NHWC' });
    if (g === undefined) throw new Error('The self-test holds a convolution that no kernel computes.');
    tf.tidy(() => checkConvolution(convolutions, g, strides, pad));
  }
}

function checkConvolution(convolutions: Convolutions, g: ConvolutionGeometry, strides: number, pad: number): void {
  const x = waves(inShapeOf(g), 1.3) as tf.Tensor4D;
  const filter = waves(filterShapeOf(g), 0.7) as tf.Tensor4D;
  const dy = waves(outShapeOf(g), 2.1) as tf.Tensor4D;
  const title = `convolution of ${inShapeOf(g).join('x')} by ${filterShapeOf(g).join('x')}, stride ${strides}`;
  compare(title, convolutions.forward(x, filter, g), tf.conv2d(x, filter, strides, pad));
  compare(
    `${title}, input gradient`,
    convolutions.inputGradient(dy, filter, g),
    composedGradients.inputGradient(dy, filter, g),
  );
  compare(
    `${title}, filter gradient`,
    convolutions.filterGradient(x, dy, g),
    composedGradients.filterGradient(x, dy, g),
  );
}

/** Compares batch norm (value and gradient) and Adam with the composed ones. @throws Error as above. */
export function checkTrainingKernels(kernels: Kernels): void {
  tf.tidy(() => {
    const found = trainingResults(kernels);
    trainingResults(referenceKernels).forEach((expected, index) =>
      compare(`training kernels, result ${index}`, found[index], expected),
    );
  });
}

function trainingResults(kernels: Kernels): tf.Tensor[] {
  const shape: [number, number, number, number] = [2, 5, 5, 10];
  const inputs = [waves(shape, 1.1), waves([10], 0.9), waves([10], 1.7), waves(shape, 2.3)];
  const normalise = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, residual: tf.Tensor): tf.Tensor =>
    kernels.batchNormTraining(x as tf.Tensor4D, scale as tf.Tensor1D, shift as tf.Tensor1D, {
      residual: residual as tf.Tensor4D,
      relu: true,
      epsilon: 1e-5,
    }).y;
  const y = normalise(inputs[0], inputs[1], inputs[2], inputs[3]);
  const gradients = tf.grads(normalise)(inputs, waves(shape, 0.6));
  const [parameter, firstMoment, secondMoment] = [1.9, 0.5, 0.3].map((step) => tf.variable(tf.abs(waves([11], step))));
  kernels.adam({
    parameter,
    gradient: waves([11], 1.5),
    firstMoment,
    secondMoment,
    step: 3,
    learningRate: 0.1,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  });
  const updated = [parameter, firstMoment, secondMoment].map((variable) => {
    const value = tf.add(variable, 0);
    variable.dispose();
    return value;
  });
  return [y, ...gradients, ...updated];
}

/** The sine of evenly spaced angles. */
function waves(shape: number[], step: number): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => Math.sin(step * (index + 1))),
    shape,
  );
}

function compare(title: string, found: tf.TensorInfo, expected: tf.TensorInfo): void {
  const actual = valuesOf(found);
  const wanted = valuesOf(expected);
  let [difference, largest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    largest = Math.max(largest, Math.abs(wanted[i]));
    const d = Math.abs(actual[i] - wanted[i]);
    if (!(d <= difference)) difference = d;
  }
  if (!(difference <= TOLERANCE * largest))
    throw new Error(
      `${title}: off by ${(difference / largest).toExponential(1)} of the largest value, at most ${TOLERANCE} expected`,
    );
}

function valuesOf(info: tf.TensorInfo): ArrayLike<number> {
  const tensor = info instanceof tf.Tensor ? info : tf.engine().makeTensorFromTensorInfo(info);
  return tensor.dataSync();
}
