import type { AdaDfConfig } from '../../ada-df/config.js';
import { seedOfTensor, uniform } from '../../ada-df/initial-weights.js';
import { type NamedWeights, type Parameter, parametersOf } from '../../ada-df/parameters.js';

/** Weights, images and labels that any implementation can generate from a seed, so that none have to be stored. */
export function generatedWeights(config: AdaDfConfig, seed: number): NamedWeights {
  const weights: NamedWeights = new Map();
  for (const { name, role, shape } of parametersOf(config)) {
    const value = valueOf(role, name, shape);
    weights.set(name, { shape, data: generate(seed, name, sizeOf(shape), (u) => value(2 * u - 1)) });
  }
  return weights;
}

/** `[B, 3, size, size]` turned to `[B, size, size, 3]`, in [-2, 2). */
export function generatedImages(seed: number, batch: number, size: number): Float32Array {
  const area = size * size;
  const planes = generate(seed, 'images', batch * 3 * area, (u) => 4 * u - 2);
  const images = new Float32Array(planes.length);
  for (let sample = 0; sample < batch; sample++) {
    for (let channel = 0; channel < 3; channel++) {
      for (let pixel = 0; pixel < area; pixel++)
        images[(sample * area + pixel) * 3 + channel] = planes[(sample * 3 + channel) * area + pixel];
    }
  }
  return images;
}

/** `[B]`, in [0, classes). */
export function generatedLabels(seed: number, batch: number, classes: number): Int32Array {
  return Int32Array.from(generate(seed, 'labels', batch, (u) => Math.floor(u * classes)));
}

/**
 * Training pictures, bytes `[B, size, size, 3]`: waves whose direction is the label's, under noise. Whole numbers only,
 * so that anybody makes the same bytes. @param labels of the pictures at the places from 0 on.
 */
export function generatedPictures(seed: number, labels: ArrayLike<number>, size: number): Uint8Array {
  const length = size * size * 3;
  const pictures = new Uint8Array(labels.length * length);
  for (let at = 0; at < labels.length; at++) {
    const name = seedOfTensor(seed, `picture:${at}`);
    const [across, down] = [1 + (labels[at] % 3), 1 + Math.floor(labels[at] / 3)];
    for (let n = 0; n < length; n++) {
      const [row, column, channel] = [Math.floor(n / (3 * size)), Math.floor(n / 3) % size, n % 3];
      const phase = Math.floor(uniform(name, channel) * 256);
      const wave = Math.abs(((4 * (across * column + down * row) + phase) & 255) - 128);
      pictures[at * length + n] = 32 + wave + Math.floor(uniform(name, 3 + n) * 64);
    }
  }
  return pictures;
}

/** From s, uniform in [-1, 1), to an element. */
function valueOf(role: Parameter['role'], name: string, shape: number[]): (s: number) => number {
  const fanIn = sizeOf(shape.slice(1));
  const linearBound = Math.sqrt(3 / fanIn) * (name.includes('attention') ? 0.05 : 1);
  const convolutionBound = Math.sqrt(6 / fanIn);
  const values: Record<Parameter['role'], (s: number) => number> = {
    convolution: (s) => s * convolutionBound,
    linear: (s) => s * linearBound,
    scale: (s) => 1 + 0.1 * s,
    shift: (s) => 0.1 * s,
    bias: (s) => 0.1 * s,
    runningMean: (s) => 0.05 * s,
    runningVariance: (s) => 1 + 0.1 * s,
  };
  return values[role];
}

function generate(seed: number, name: string, length: number, value: (u: number) => number): Float32Array {
  const tensorSeed = seedOfTensor(seed, name);
  const data = new Float32Array(length);
  for (let i = 0; i < length; i++) data[i] = value(uniform(tensorSeed, i));
  return data;
}

function sizeOf(shape: number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
