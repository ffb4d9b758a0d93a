import * as tf from '@tensorflow/tfjs-core';
import { referenceKernels, type Kernels } from '../ada-df/kernels.js';
import { composedGradients } from './composed/convolution-gradients.js';
import type { Convolutions } from './convolution/convolutions.js';
import { compareValues, trainingResults, waves } from './kernel-checks.js';
import { filterShapeOf, geometryOf, inShapeOf, outShapeOf, type ConvolutionGeometry } from './convolution/geometry.js';

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
  const x = tensorOf(inShapeOf(g), 1.3);
  const filter = tensorOf(filterShapeOf(g), 0.7);
  const dy = tensorOf(outShapeOf(g), 2.1);
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

/** No multiple of 4: the kernels' last lanes are tried too. */
const channels = 10;

/** Compares batch norm (value and gradient) and Adam with the composed ones. @throws Error as above. */
export function checkTrainingKernels(kernels: Kernels): void {
  tf.tidy(() => {
    const found = trainingResults(kernels, channels);
    trainingResults(referenceKernels, channels).forEach((expected, index) =>
      compare(`training kernels, result ${index}`, found[index], expected),
    );
  });
}

function compare(title: string, found: tf.TensorInfo, expected: tf.TensorInfo): void {
  compareValues(title, valuesOf(found), valuesOf(expected));
}

function valuesOf(info: tf.TensorInfo): ArrayLike<number> {
  const tensor = info instanceof tf.Tensor ? info : tf.engine().makeTensorFromTensorInfo(info);
  return tensor.dataSync();
}

function tensorOf(shape: [number, number, number, number], step: number): tf.Tensor4D {
  return tf.tensor4d(waves(shape, step), shape);
}
