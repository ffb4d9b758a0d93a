import * as tf from '@tensorflow/tfjs-core';
import { referenceKernels, type Kernels } from '../../ada-df/kernels.js';
import { compareValues, trainingResults, waves } from '../kernel-checks.js';

/** A multiple of 4: the shaders' widest lanes. */
const channels = 12;

/** Adapters that passed in this process: shaders and drivers do not change while it runs. */
const passed = new Set<string>();

/**
 * Compares convolutions (forward and both gradients) with plain loops, and batch norm and Adam with tfjs's own
 * operations. A driver that
 * compiles a shader wrongly is found here, not in a training run.
 * @param adapter what a later start in this process recognises it by.
 * @throws Error that names the first result that differs and by how much.
 */
export async function checkGpuKernels(kernels: Kernels, adapter: string): Promise<void> {
  if (passed.has(adapter)) return;
  await checkConvolution([2, 6, 6, 8], [3, 3, 8, 12], 2, 1);
  const [found, expected] = tf.tidy(() => [
    trainingResults(kernels, channels),
    trainingResults(referenceKernels, channels),
  ]);
  for (const [index, tensor] of found.entries())
    compareValues(`training kernels, result ${index}`, await tensor.data(), await expected[index].data());
  tf.dispose([found, expected]);
  passed.add(adapter);
}

async function checkConvolution(inShape: number[], filterShape: number[], stride: number, pad: number): Promise<void> {
  const [x, filter] = [waves(inShape, 1.3), waves(filterShape, 0.7)];
  const tensors = tf.tidy(() => {
    const inputs = [tf.tensor(x, inShape), tf.tensor(filter, filterShape)];
    const convolve = (image: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
      tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, stride, pad);
    const y = convolve(inputs[0], inputs[1]);
    const dy = tf.tensor(waves(y.shape, 2.1), y.shape);
    return [y, ...tf.grads(convolve)(inputs, dy)];
  });
  const expected = plainConvolution(
    x,
    inShape,
    filter,
    filterShape,
    waves(tensors[0].shape, 2.1),
    tensors[0].shape,
    stride,
    pad,
  );
  const title = `convolution of ${inShape.join('x')} by ${filterShape.join('x')}, stride ${stride}`;
  for (const [index, what] of ['', ', input gradient', ', filter gradient'].entries())
    compareValues(title + what, await tensors[index].data(), expected[index]);
  tf.dispose(tensors);
}

/** @returns y, dx, dw in double precision. */
function plainConvolution(
  x: Float32Array,
  inShape: number[],
  filter: Float32Array,
  filterShape: number[],
  dy: Float32Array,
  outShape: number[],
  stride: number,
  pad: number,
): Float64Array[] {
  const [, height, width, inputs] = inShape;
  const [size, , , outputs] = filterShape;
  const [y, dx, dw] = [new Float64Array(dy.length), new Float64Array(x.length), new Float64Array(filter.length)];
  for (let out = 0; out < dy.length; out++) {
    const [image, row, column, o] = [
      Math.floor(out / (outShape[1] * outShape[2] * outputs)),
      Math.floor(out / (outShape[2] * outputs)) % outShape[1],
      Math.floor(out / outputs) % outShape[2],
      out % outputs,
    ];
    for (let tap = 0; tap < size * size * inputs; tap++) {
      const [h, w] = [
        row * stride - pad + Math.floor(tap / (size * inputs)),
        column * stride - pad + (Math.floor(tap / inputs) % size),
      ];
      if (h < 0 || h >= height || w < 0 || w >= width) continue;
      const [i, f] = [((image * height + h) * width + w) * inputs + (tap % inputs), tap * outputs + o];
      y[out] += x[i] * filter[f];
      dx[i] += dy[out] * filter[f];
      dw[f] += dy[out] * x[i];
    }
  }
  return [y, dx, dw];
}
