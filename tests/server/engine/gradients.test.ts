import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../server/src/engine/engine.js';
import { noise, startQuietly, VARIANTS } from './engine-checks.js';

type Operation = (x: tf.Tensor) => tf.Tensor;

/** Operations of a network beside convolution and batch norm; x is `[2, 6, 6, 4]`. */
const OPERATIONS: Record<string, Operation> = {
  gather: (x) => tf.gather(tf.reshape(x, [12, 24]), tf.tensor1d([3, 0, 3, 11], 'int32')),
  maxPool: (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 1),
  avgPool: (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 0),
  mean: (x) => tf.mean(x, [1, 2]),
  matMul: (x) => tf.matMul(tf.reshape(x, [12, 24]), tf.reshape(x, [24, 12])),
  softmax: (x) => tf.softmax(tf.reshape(x, [72, 4])),
  logSoftmax: (x) => tf.logSoftmax(tf.reshape(x, [72, 4])),
  sigmoid: (x) => tf.sigmoid(x),
  logarithm: (x) => tf.log(tf.add(tf.square(x), 1)),
  division: (x) => tf.div(x, tf.add(tf.square(tf.slice(x, [0, 0, 0, 0], [2, 6, 6, 1])), 1)),
  extremes: (x) => tf.sub(tf.max(x), tf.min(x)),
  transpose: (x) => tf.transpose(x, [0, 3, 1, 2]),
  pad: (x) =>
    tf.pad(x, [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ]),
  concat: (x) => tf.concat([x, tf.relu(x)], 3),
};

describe.each(VARIANTS)('gradients of operations on %s', (variant) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startQuietly(variant);
  });
  afterAll(() => engine.dispose());

  it.each(Object.keys(OPERATIONS))('%s agrees with a difference quotient and leaves no tensor', async (name) => {
    const operation = OPERATIONS[name];
    const shape = [2, 6, 6, 4];
    const values = noise(tf.util.sizeFromShape(shape), 7);
    const direction = noise(values.length, 8);
    const before = tf.memory().numTensors;
    const objective = (x: tf.Tensor): tf.Scalar => {
      const y = operation(x);
      return tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.range(1, y.size + 1)), y.shape)));
    };
    const gradient = tf.tidy(() => tf.grad(objective)(tf.tensor(values, shape)));
    const slope = [...(await gradient.data())].reduce((sum, g, i) => sum + g * direction[i], 0);
    gradient.dispose();
    // Small enough that no maximum changes its place.
    const step = 5e-4;
    const [above, below] = [step, -step].map((s) =>
      tf.tidy(
        () =>
          objective(
            tf.tensor(
              values.map((value, i) => value + s * direction[i]),
              shape,
            ),
          ).dataSync()[0],
      ),
    );
    const quotient = (above - below) / (2 * step);
    expect(Math.abs(slope - quotient)).toBeLessThan(2e-2 * Math.max(1, Math.abs(quotient)));
    expect(tf.memory().numTensors).toBe(before);
  });
});
