import * as tf from '@tensorflow/tfjs-core';
import type { AdamUpdate, BatchNormOptions, Kernels } from '../../ada-df/kernels.js';
import { type BatchNormKernels, differentiatedBatchNorm, type NormalisedBatch } from '../differentiated-batch-norm.js';
import type { Simd } from './simd.js';
import type { WasmHeap } from './wasm-heap.js';

/** Batch norm with residual and ReLU, and Adam, each in one or two passes over tensors that lie on tfjs-wasm's heap. */
export function fusedKernels(heap: WasmHeap, simd: Simd): Kernels {
  const batchNorm: BatchNormKernels = {
    normalise: (x, scale, shift, residual, options) => normalise(heap, simd, x, scale, shift, residual, options),
    gradients: (dy, saved, hasResidual, { epsilon }) => gradients(heap, simd, dy, saved, epsilon, hasResidual),
  };
  return {
    batchNormTraining: (x, scale, shift, options) => differentiatedBatchNorm(batchNorm, x, scale, shift, options),
    adam: (update) => adam(heap, simd, update),
  };
}

/** y = (x - mean) * gain + shift + residual with gain = scale / sqrt(variance + epsilon). */
function normalise(
  heap: WasmHeap,
  simd: Simd,
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  residual: tf.Tensor4D | undefined,
  options: BatchNormOptions,
): NormalisedBatch {
  const channels = scale.size;
  const rows = x.size / channels;
  const [mean, variance] = [heap.allocate([channels]), heap.allocate([channels])];
  const y = heap.allocate(x.shape);
  const gain = heap.work(channels);
  simd.columnSums(heap.pointer(x), rows, channels, heap.pointer(mean));
  const means = heap.view(mean);
  for (let c = 0; c < channels; c++) means[c] /= rows;
  simd.columnSquares(heap.pointer(x), heap.pointer(mean), rows, channels, heap.pointer(variance));
  const variances = heap.view(variance);
  const [gains, scales] = [heap.floats(gain, channels), heap.view(scale)];
  for (let c = 0; c < channels; c++) {
    variances[c] /= rows;
    gains[c] = scales[c] / Math.sqrt(variances[c] + options.epsilon);
  }
  simd.affine(
    heap.pointer(x),
    heap.pointer(mean),
    gain,
    heap.pointer(shift),
    residual === undefined ? 0 : heap.pointer(residual),
    heap.pointer(y),
    rows,
    channels,
    options.relu ? 1 : 0,
  );
  const spread = tensorOf<tf.Tensor1D>(variance);
  return { y: tensorOf(y), mean: tensorOf(mean), variance: spread, spread };
}

/**
 * With g = dy where y > 0: dx = g a + (x - mean) b + c, a = scale / deviation, b = -a sum(g (x - mean)) / (deviation^2
 * M), c = -a sum(g) / M.
 * @returns gradients of x, scale, shift, and of the residual if there is one.
 */
function gradients(
  heap: WasmHeap,
  simd: Simd,
  dy: tf.Tensor,
  saved: tf.Tensor[],
  epsilon: number,
  hasResidual: boolean,
): tf.Tensor[] {
  const [x, scale, mean, variance, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor | undefined];
  const channels = scale.size;
  const rows = x.size / channels;
  const dx = heap.allocate(x.shape);
  const [dScale, dShift] = [heap.allocate([channels]), heap.allocate([channels])];
  // Without ReLU the residual's gradient is dy itself.
  const residual = hasResidual && y !== undefined ? heap.allocate(x.shape) : undefined;
  const work = heap.work(4 * channels);
  const [products, a, b, c] = [0, 1, 2, 3].map((index) => work + index * channels * 4);
  const [gradient, output, input] = [heap.pointer(dy), y === undefined ? 0 : heap.pointer(y), heap.pointer(x)];
  simd.gradientSums(gradient, output, input, heap.pointer(mean), rows, channels, heap.pointer(dShift), products);
  const [as, bs, cs] = [a, b, c].map((pointer) => heap.floats(pointer, channels));
  const [sums, sumsOfProducts, dScales] = [heap.view(dShift), heap.floats(products, channels), heap.view(dScale)];
  const [scales, variances] = [heap.view(scale), heap.view(variance)];
  for (let i = 0; i < channels; i++) {
    const inverse = 1 / Math.sqrt(variances[i] + epsilon);
    dScales[i] = sumsOfProducts[i] * inverse;
    const slope = scales[i] * inverse;
    as[i] = slope;
    bs[i] = (-slope * inverse * inverse * sumsOfProducts[i]) / rows;
    cs[i] = (-slope * sums[i]) / rows;
  }
  simd.inputGradient(
    gradient,
    output,
    input,
    heap.pointer(mean),
    a,
    b,
    c,
    heap.pointer(dx),
    residual === undefined ? 0 : heap.pointer(residual),
    rows,
    channels,
  );
  const found: tf.Tensor[] = [tensorOf(dx), tensorOf(dScale), tensorOf(dShift)];
  if (hasResidual) found.push(residual === undefined ? dy.clone() : tensorOf(residual));
  return found;
}

/**
 * In place, which spares the memory one pass. But a matrix gets new data: tfjs-wasm keeps the right-hand side of a
 * matrix product, packed, for
 * as long as its data live, and would go on multiplying by the old values.
 */
function adam(heap: WasmHeap, simd: Simd, update: AdamUpdate): void {
  const { parameter, gradient, firstMoment, secondMoment, step, learningRate, beta1, beta2, epsilon } = update;
  unshare(heap, firstMoment);
  unshare(heap, secondMoment);
  const inPlace = parameter.rank !== 2;
  if (inPlace) unshare(heap, parameter);
  const updated = inPlace ? parameter : heap.allocate(parameter.shape);
  const [p, g, m, v, out] = [parameter, gradient, firstMoment, secondMoment, updated].map((tensor) =>
    heap.pointer(tensor),
  );
  const rate = learningRate / (1 - beta1 ** step);
  const root = 1 / Math.sqrt(1 - beta2 ** step);
  simd.adam(p, g, m, v, out, parameter.size, beta1, 1 - beta1, beta2, 1 - beta2, rate, root, epsilon);
  if (!inPlace) assign(parameter, updated);
}

/**
 * Gives a variable data of its own where a clone or a reshaped view of it shares them, so that writing in place changes
 * nothing else.
 */
function unshare(heap: WasmHeap, variable: tf.Variable): void {
  if (!heap.isShared(variable)) return;
  const copy = heap.allocate(variable.shape);
  heap.view(copy).set(heap.view(variable));
  assign(variable, copy);
}

function assign(variable: tf.Variable, value: tf.TensorInfo): void {
  const tensor = tensorOf<tf.Tensor>(value);
  variable.assign(tensor);
  tensor.dispose();
}

const tensorOf = <T extends tf.Tensor>(info: tf.TensorInfo): T => tf.engine().makeTensorFromTensorInfo(info) as T;
