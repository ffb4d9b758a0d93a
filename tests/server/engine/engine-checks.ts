import * as tf from '@tensorflow/tfjs-core';
import { randomFrom } from '../../../server/src/random.js';
import { startEngine, type Engine, type EngineOptions } from '../../../server/src/engine/engine.js';
import { outSize, plainConvolution, relativeError, type PlainConvolution } from './plain-convolution.js';

/** A backend, or native-cpu with its own convolutions. */
export type Variant = EngineOptions['backend'] | 'native-cpu, own convolutions';

export const VARIANTS: Variant[] = ['cpu', 'wasm', 'native-cpu', 'native-cpu, own convolutions'];

export function startQuietly(variant: Variant, threads = 2): Promise<Engine> {
  const own = variant === 'native-cpu, own convolutions';
  return startEngine({ backend: own ? 'native-cpu' : variant, onnxruntime: !own, threads, log: () => undefined });
}

/** Roughly normal values: the sum of four uniform ones. */
export function noise(length: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from(
    { length },
    () => (random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2) * 1.7,
  );
}

export interface ConvolutionErrors {
  y: number;
  dx: number;
  dw: number;
  tensorsLeft: number;
}

/** Runs one convolution forward and back on the running engine and compares it with plain loops. */
export async function convolutionErrors(c: PlainConvolution): Promise<ConvolutionErrors> {
  const found = await runConvolution(c);
  const expected = plainConvolution(c, found.inputs.x, found.inputs.filter, found.inputs.dy);
  return {
    y: relativeError(found.y, expected.y),
    dx: relativeError(found.dx, expected.dx),
    dw: relativeError(found.dw, expected.dw),
    tensorsLeft: found.tensorsLeft,
  };
}

export interface ConvolutionRun {
  y: Float32Array;
  dx: Float32Array;
  dw: Float32Array;
  tensorsLeft: number;
  inputs: { x: Float32Array; filter: Float32Array; dy: Float32Array };
}

export async function runConvolution(c: PlainConvolution): Promise<ConvolutionRun> {
  const before = tf.memory().numTensors;
  const inputs = {
    x: noise(c.batch * c.height * c.width * c.inChannels, 1),
    filter: noise(c.kernel * c.kernel * c.inChannels * c.outChannels, 2),
    dy: noise(c.batch * outSize(c.height, c) * outSize(c.width, c) * c.outChannels, 3),
  };
  const [y, dx, dw] = tf.tidy(() => {
    const x = tf.tensor4d(inputs.x, [c.batch, c.height, c.width, c.inChannels]);
    const filter = tf.tensor4d(inputs.filter, [c.kernel, c.kernel, c.inChannels, c.outChannels]);
    const convolve = (image: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
      tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, c.stride, c.pad);
    const out = convolve(x, filter);
    const gradients = tf.grads(convolve)([x, filter], tf.tensor(inputs.dy, out.shape));
    return [out, gradients[0], gradients[1]];
  });
  const [yData, dxData, dwData] = (await Promise.all([y.data(), dx.data(), dw.data()])) as Float32Array[];
  tf.dispose([y, dx, dw]);
  return { y: yData, dx: dxData, dw: dwData, tensorsLeft: tf.memory().numTensors - before, inputs };
}
