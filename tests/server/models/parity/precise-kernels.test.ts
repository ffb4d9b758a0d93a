import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { uniform } from '../../../../server/src/ada-df/initial-weights.js';
import { referenceKernels } from '../../../../server/src/ada-df/kernels.js';
import { preciseKernels } from '../../../../server/src/models/parity/precise-kernels.js';
import { useEngine } from '../../ada-df/running-engine.js';

useEngine('wasm');
const [side, inputs, outputs] = [6, 64, 8];
const kernels = preciseKernels(referenceKernels);
const noise = (seed: number, length: number, low: number, high: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => low + (high - low) * uniform(seed, i));
const x = noise(1, side * side * inputs, 0, 6);
const bound = Math.sqrt(6 / (9 * inputs));
const filter = noise(2, 9 * inputs * outputs, -bound, bound);

/** 3 x 3, stride 1, without padding, in double precision. */
function convolveInDouble(): number[] {
  const result: number[] = [];
  for (let i = 0; i < side - 2; i++) {
    for (let j = 0; j < side - 2; j++) {
      for (let o = 0; o < outputs; o++) {
        let sum = 0;
        for (let tap = 0; tap < 9; tap++) {
          const pixel = (i + Math.floor(tap / 3)) * side + j + (tap % 3);
          for (let c = 0; c < inputs; c++) sum += x[pixel * inputs + c]! * filter[(tap * inputs + c) * outputs + o]!;
        }
        result.push(sum);
      }
    }
  }
  return result;
}

const rootMeanSquare = (values: number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

describe('precise kernels', () => {
  it("lose several times fewer digits in a convolution than the engine's own", () => {
    const exact = convolveInDouble();
    const errorOf = (convolve: NonNullable<typeof kernels.convolution>): number => {
      const found = tf.tidy(() =>
        convolve(
          tf.tensor4d(x, [1, side, side, inputs]),
          tf.tensor4d(filter, [3, 3, inputs, outputs]),
          1,
          0,
        ).dataSync(),
      );
      return rootMeanSquare(exact.map((value, i) => found[i]! - value)) / rootMeanSquare(exact);
    };
    const own = errorOf((a, b, stride, padding) => tf.conv2d(a, b, stride, padding));
    expect(errorOf(kernels.convolution!)).toBeLessThan(own / 3);
    expect(errorOf(kernels.convolution!)).toBeLessThan(5e-8);
  });

  it("have the gradients of the engine's convolution", () => {
    const [ours, theirs] = tf.tidy(() => {
      const [images, filters] = [tf.tensor4d(x, [1, side, side, inputs]), tf.tensor4d(filter, [3, 3, inputs, outputs])];
      const gradients = (convolve: NonNullable<typeof kernels.convolution>): Float32Array[] =>
        tf
          .grads((a, b) => tf.sum(tf.square(convolve(a as tf.Tensor4D, b as tf.Tensor4D, 2, 1))))([images, filters])
          .map((gradient) => gradient.dataSync() as Float32Array);
      return [gradients(kernels.convolution!), gradients((a, b, stride, padding) => tf.conv2d(a, b, stride, padding))];
    });
    for (const [index, gradient] of theirs!.entries()) {
      const difference = Array.from(gradient, (value, i) => ours![index]![i]! - value);
      expect(rootMeanSquare(difference) / rootMeanSquare(Array.from(gradient))).toBeLessThan(1e-5);
    }
  });

  it('give batch norm the statistics of what it was given, not of what was centred', () => {
    const [mean, variance] = tf.tidy(() => {
      const result = kernels.batchNormTraining(
        tf.tensor4d([101, 103, 105, 107], [1, 2, 2, 1]),
        tf.ones([1]),
        tf.zeros([1]),
        { relu: true, epsilon: 1e-5 },
      );
      return [result.mean.dataSync()[0], result.variance.dataSync()[0]];
    });
    expect(mean).toBeCloseTo(104, 5);
    expect(variance).toBeCloseTo(5, 5);
  });
});
