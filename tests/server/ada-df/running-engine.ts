import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { startEngine, type Engine, type EngineOptions } from '../../../server/src/engine/engine.js';

/** Runs an engine while the tests of the calling file run. */
export function useEngine(backend: EngineOptions['backend']): { current: Engine } {
  const held = {} as { current: Engine };
  beforeAll(async () => {
    held.current = await startEngine({ backend, threads: 2, log: () => undefined });
  });
  afterAll(() => held.current.dispose());
  return held;
}

/** Fails when `work` leaves tensors behind. */
export async function withoutLeak<T>(work: () => T | Promise<T>): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await work();
  expect(tf.memory().numTensors - before, 'tensors left behind').toBe(0);
  return result;
}

/** Values and the gradient of the sum of `weights * f(x)`; leaves no tensors. */
export async function valuesAndGradient(
  x: number[],
  f: (x: tf.Tensor1D) => tf.Tensor,
  weights?: number[],
): Promise<{ values: number[]; gradient: number[] }> {
  return withoutLeak(async () => {
    const [values, gradient] = tf.tidy(() => {
      const input = tf.tensor1d(x);
      const weighted = (input: tf.Tensor): tf.Scalar => {
        const output = f(input as tf.Tensor1D);
        return tf.sum(weights ? tf.mul(output, tf.tensor(weights, output.shape)) : output);
      };
      return [f(input), tf.grad(weighted)(input)];
    });
    const read = { values: Array.from(await values!.data()), gradient: Array.from(await gradient!.data()) };
    tf.dispose([values!, gradient!]);
    return read;
  });
}

/** Central differences of the sum of `weights * f(x)`, f in float32: good to about 1e-2. */
export async function numericGradient(
  x: number[],
  f: (x: tf.Tensor1D) => tf.Tensor,
  weights: number[],
  step = 1e-2,
): Promise<number[]> {
  const at = async (values: number[]): Promise<number> => {
    const output = tf.tidy(() => f(tf.tensor1d(values)));
    const data = await output.data();
    output.dispose();
    return weights.reduce((sum, weight, i) => sum + weight * data[i]!, 0);
  };
  const gradient: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const moved = (by: number): number[] => x.map((value, j) => (i === j ? value + by : value));
    gradient.push(((await at(moved(step))) - (await at(moved(-step)))) / (2 * step));
  }
  return gradient;
}

export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-6): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(
      Math.abs(found[i]! - expected[i]!),
      `element ${i}: expected ${expected[i]}, found ${found[i]}`,
    ).toBeLessThanOrEqual(tolerance);
  }
}
