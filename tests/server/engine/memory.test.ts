import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../server/src/engine/engine.js';
import { noise, startQuietly, type Variant } from './engine-checks.js';

const WASM_VARIANTS: Variant[] = ['wasm', 'native-cpu', 'native-cpu, own convolutions'];

/** A convolution, batch norm with residual and ReLU, a strided convolution and a linear layer, trained by Adam. */
function smallNet(engine: Engine): { step: () => number; weights: tf.Variable[] } {
  const variable = (shape: number[], seed: number): tf.Variable =>
    tf.tidy(() => tf.variable(tf.tensor(noise(tf.util.sizeFromShape(shape), seed), shape)));
  const shapes = [[3, 3, 8, 8], [8], [8], [3, 3, 8, 12], [12, 5]];
  const weights = shapes.map((shape, index) => variable(shape, index + 1));
  const moments = shapes.map((shape) => [0, 1].map(() => tf.tidy(() => tf.variable(tf.zeros(shape), false))));
  const x = tf.tensor4d(noise(4 * 6 * 6 * 8, 9), [4, 6, 6, 8]);
  let count = 0;
  const loss = (): tf.Scalar => {
    const [first, scale, shift, second, last] = weights;
    const convolved = tf.conv2d(x, first as tf.Variable<tf.Rank.R4>, 1, 1);
    const { y } = engine.kernels.batchNormTraining(convolved, scale as tf.Tensor1D, shift as tf.Tensor1D, {
      residual: x,
      relu: true,
      epsilon: 1e-5,
    });
    const features = tf.mean(tf.conv2d(y, second as tf.Variable<tf.Rank.R4>, 2, 1), [1, 2]);
    return tf.mean(tf.square(tf.sub(tf.matMul(features as tf.Tensor2D, last as tf.Tensor2D), 1)));
  };
  const step = (): number => {
    count++;
    const { value, grads } = tf.variableGrads(loss, weights);
    for (const [index, parameter] of weights.entries()) {
      const [firstMoment, secondMoment] = moments[index];
      engine.kernels.adam({
        parameter,
        gradient: grads[parameter.name],
        firstMoment,
        secondMoment,
        step: count,
        learningRate: 1e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
      });
    }
    const found = value.dataSync()[0];
    tf.dispose([value, grads]);
    return found;
  };
  return { step, weights };
}

const heapBytes = (): number => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;

describe.each(WASM_VARIANTS)('memory on %s', (variant) => {
  let engine: Engine | undefined;
  afterEach(() => engine?.dispose());

  it('a thousand steps leave no tensor, the heap does not grow, and the loss falls', async () => {
    engine = await startQuietly(variant);
    const { step } = smallNet(engine);
    const first = step();
    for (let i = 0; i < 20; i++) step();
    const before = { ...engine.memory(), heap: heapBytes() };
    let last = first;
    for (let i = 0; i < 1000; i++) last = step();
    expect({ ...engine.memory(), heap: heapBytes() }).toEqual(before);
    expect(last).toBeLessThan(first / 2);
  });

  it('training twice from the same start gives the same bits, across a restart of the engine', async () => {
    const runs: string[] = [];
    for (let run = 0; run < 2; run++) {
      engine = await startQuietly(variant);
      const { step, weights } = smallNet(engine);
      for (let i = 0; i < 5; i++) step();
      const data = await Promise.all(weights.map((weight) => weight.data()));
      runs.push(
        data.map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex')).join(),
      );
      await engine.dispose();
    }
    expect(runs[1]).toBe(runs[0]);
  });

  it('ten starts and disposals keep memory flat', async () => {
    const collect = exposedCollector();
    const cycle = async (): Promise<number> => {
      engine = await startQuietly(variant);
      // 34 MB: ten cycles that kept theirs would add 340.
      tf.variable(tf.ones([32, 1024, 256]));
      smallNet(engine).step();
      await engine.dispose();
      await new Promise((resolve) => setTimeout(resolve, 20));
      collect();
      return process.memoryUsage().rss / 1e6;
    };
    for (let i = 0; i < 2; i++) await cycle();
    const before = await cycle();
    for (let i = 0; i < 9; i++) await cycle();
    expect((await cycle()) - before).toBeLessThan(150);
  });

  it('a tensor for which there is no room is an error that says so, and the engine can be started again', async () => {
    engine = await startQuietly(variant);
    const backend = tf.backend() as BackendWasm;
    const allocate = (): tf.TensorInfo => backend.makeOutput([1024, 1024, 768], 'float32');
    const held = allocate();
    expect(allocate).toThrow(/Out of memory: no room for a tensor of 3072 MiB in \d+ MiB/);
    backend.disposeData(held.dataId);
    await engine.dispose();
    engine = await startQuietly(variant);
    expect(Number.isFinite(smallNet(engine).step())).toBe(true);
  });
});

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
