import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../server/src/engine/engine.js';
import { noise, startQuietly, VARIANTS } from './engine-checks.js';
import { batchNormDifferences, plainBatchNorm, type PlainBatchNorm } from './plain-batch-norm.js';
import { relativeError } from './plain-convolution.js';

const EPSILON = 1e-5;

/** Channel counts that are and are not multiples of 4; rows beyond one block of the kernels' sums. */
const SHAPES: [number, number, number, number][] = [
  [2, 3, 3, 8],
  [2, 3, 2, 5],
  [3, 2, 2, 3],
  [1, 4, 4, 16],
  [2, 1, 1, 4],
  [1, 1, 30, 1],
];

describe.each(VARIANTS)('training kernels on %s', (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startQuietly(backend);
  });
  afterAll(() => engine.dispose());

  const variants = SHAPES.flatMap((shape) =>
    [true, false].flatMap((relu) => [true, false].map((residual) => ({ shape, relu, residual }))),
  );
  it.each(variants)(
    'batch norm of $shape, relu $relu, residual $residual: values and gradients agree with plain loops',
    async ({ shape, relu, residual }) => {
      const channels = shape[3];
      const size = tf.util.sizeFromShape(shape);
      const plain: PlainBatchNorm = {
        rows: size / channels,
        channels,
        x: noise(size, 11),
        scale: noise(channels, 12),
        shift: noise(channels, 13),
        residual: residual ? noise(size, 14) : undefined,
        relu,
        epsilon: EPSILON,
      };
      const dy = noise(size, 15);
      const expected = { ...plainBatchNorm(plain), gradients: batchNormDifferences(plain, dy) };
      const before = tf.memory().numTensors;
      const found = await runBatchNorm(engine, shape, plain, dy);
      expect(relativeError(found.y, expected.y)).toBeLessThan(1e-5);
      expect(relativeError(found.mean, expected.mean)).toBeLessThan(1e-5);
      expect(relativeError(found.variance, expected.variance)).toBeLessThan(1e-5);
      const scaleOfAll = Math.max(...expected.gradients.x.map(Math.abs), ...dy.map(Math.abs));
      for (const name of ['x', 'scale', 'shift', 'residual'] as const) {
        if (name === 'residual' && !residual) continue;
        const difference = Math.max(
          ...expected.gradients[name].map((value, i) => Math.abs(value - found.gradients[name][i])),
        );
        expect(difference / scaleOfAll, `gradient of ${name}`).toBeLessThan(1e-4);
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('batch norm sums many rows accurately', async () => {
    const shape: [number, number, number, number] = [8, 40, 40, 3];
    const x = noise(8 * 40 * 40 * 3, 21).map((value, i) => value + (i % 3) * 5);
    const plain: PlainBatchNorm = {
      rows: x.length / 3,
      channels: 3,
      x,
      scale: [1, 2, 3],
      shift: [0, 0, 0],
      relu: false,
      epsilon: EPSILON,
    };
    const expected = plainBatchNorm(plain);
    const found = await runBatchNorm(engine, shape, plain, noise(x.length, 22));
    expect(relativeError(found.mean, expected.mean)).toBeLessThan(2e-6);
    expect(relativeError(found.variance, expected.variance)).toBeLessThan(1e-5);
    expect(relativeError(found.y, expected.y)).toBeLessThan(1e-5);
  });

  it.each([1, 3, 4, 37])(
    'Adam agrees with its formula over five steps of %d values, and leaves no tensor',
    async (length) => {
      const expected = {
        p: [...noise(length, 31)],
        m: new Array<number>(length).fill(0),
        v: new Array<number>(length).fill(0),
      };
      const [beta1, beta2, epsilon, learningRate] = [0.9, 0.999, 1e-8, 1e-2];
      const start = tf.memory().numTensors;
      const variable = (values: number[]): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d(values)));
      const [parameter, firstMoment, secondMoment] = [variable(expected.p), variable(expected.m), variable(expected.v)];
      for (let step = 1; step <= 5; step++) {
        const g = noise(length, 40 + step);
        const gradient = tf.tensor1d(g);
        const before = tf.memory().numTensors;
        engine.kernels.adam({
          parameter,
          gradient,
          firstMoment,
          secondMoment,
          step,
          learningRate,
          beta1,
          beta2,
          epsilon,
        });
        expect(tf.memory().numTensors).toBe(before);
        gradient.dispose();
        for (let i = 0; i < length; i++) {
          expected.m[i] = beta1 * expected.m[i] + (1 - beta1) * g[i];
          expected.v[i] = beta2 * expected.v[i] + (1 - beta2) * g[i] ** 2;
          const corrected = [expected.m[i] / (1 - beta1 ** step), expected.v[i] / (1 - beta2 ** step)];
          expected.p[i] -= (learningRate * corrected[0]) / (Math.sqrt(corrected[1]) + epsilon);
        }
      }
      expect(relativeError((await parameter.data()) as Float32Array, expected.p)).toBeLessThan(1e-6);
      expect(relativeError((await firstMoment.data()) as Float32Array, expected.m)).toBeLessThan(1e-6);
      expect(relativeError((await secondMoment.data()) as Float32Array, expected.v)).toBeLessThan(1e-6);
      tf.dispose([parameter, firstMoment, secondMoment]);
      expect(tf.memory().numTensors).toBe(start);
    },
  );

  it.each([
    ['a matrix product', [8, 8], (x: tf.Tensor, w: tf.Tensor) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)],
    [
      'a convolution',
      [1, 1, 8, 8],
      (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(tf.reshape(x, [1, 2, 4, 8]) as tf.Tensor4D, w as tf.Tensor4D, 1, 0),
    ],
  ])('%s sees the parameter that Adam has moved', async (_, shape, apply) => {
    const parameter = tf.variable(tf.ones(shape));
    const moments = [tf.variable(tf.zeros(shape)), tf.variable(tf.zeros(shape))];
    const [gradient, x] = [tf.ones(shape), tf.ones([8, 8])];
    const first = async (): Promise<number> => (await tf.tidy(() => apply(x, parameter)).data())[0];
    expect(await first()).toBe(8);
    engine.kernels.adam({
      parameter,
      gradient,
      firstMoment: moments[0],
      secondMoment: moments[1],
      step: 1,
      learningRate: 0.5,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    });
    expect(await first()).toBeCloseTo(4, 4);
    tf.dispose([parameter, ...moments, gradient, x]);
  });

  it('Adam leaves copies of parameter and moments as they were', async () => {
    const parameter = tf.variable(tf.ones([8]));
    const moments = [tf.variable(tf.zeros([8])), tf.variable(tf.zeros([8]))];
    const copies = [parameter.clone(), moments[0].clone(), moments[1].clone()];
    const gradient = tf.ones([8]);
    engine.kernels.adam({
      parameter,
      gradient,
      firstMoment: moments[0],
      secondMoment: moments[1],
      step: 1,
      learningRate: 0.5,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    });
    const values = await Promise.all(copies.map(async (copy) => (await copy.data())[7]));
    expect(values).toEqual([1, 0, 0]);
    expect((await moments[0].data())[7]).toBeCloseTo(0.1, 5);
    expect((await parameter.data())[7]).toBeCloseTo(0.5, 5);
    tf.dispose([parameter, ...moments, ...copies, gradient]);
  });
});

async function runBatchNorm(
  engine: Engine,
  shape: [number, number, number, number],
  plain: PlainBatchNorm,
  dy: Float32Array,
): Promise<BatchNormRun> {
  const inputs = [
    tf.tensor4d(Float32Array.from(plain.x), shape),
    tf.tensor1d(Array.from(plain.scale)),
    tf.tensor1d(Array.from(plain.shift)),
  ];
  if (plain.residual !== undefined) inputs.push(tf.tensor4d(Float32Array.from(plain.residual), shape));
  const apply = (args: tf.Tensor[]) => {
    const options = { relu: plain.relu, epsilon: plain.epsilon, residual: args[3] as tf.Tensor4D | undefined };
    return engine.kernels.batchNormTraining(
      args[0] as tf.Tensor4D,
      args[1] as tf.Tensor1D,
      args[2] as tf.Tensor1D,
      options,
    );
  };
  const forward = tf.tidy(() => apply(inputs) as unknown as tf.TensorContainerObject) as unknown as Record<
    'y' | 'mean' | 'variance',
    tf.Tensor
  >;
  const gradients = tf.tidy(() => tf.grads((...args: tf.Tensor[]) => apply(args).y)(inputs, tf.tensor4d(dy, shape)));
  const read = async (tensor: tf.Tensor | undefined): Promise<Float32Array> =>
    tensor === undefined ? new Float32Array() : ((await tensor.data()) as Float32Array);
  const run: BatchNormRun = {
    y: await read(forward.y),
    mean: await read(forward.mean),
    variance: await read(forward.variance),
    gradients: {
      x: await read(gradients[0]),
      scale: await read(gradients[1]),
      shift: await read(gradients[2]),
      residual: await read(gradients[3]),
    },
  };
  tf.dispose([inputs, gradients, forward.y, forward.mean, forward.variance]);
  return run;
}

interface BatchNormRun {
  y: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
  gradients: Record<'x' | 'scale' | 'shift' | 'residual', Float32Array>;
}
