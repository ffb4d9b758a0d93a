import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../../../server/src/engine/engine.js';
import { ConflictError, EnvironmentError } from '../../../server/src/errors.js';
import { startQuietly } from './engine-checks.js';

describe('starting an engine', () => {
  it('auto takes the first backend that runs and says why those before it were passed over', async () => {
    const lines: string[] = [];
    const engine = await startEngine({ backend: 'auto', threads: 1, log: (line) => lines.push(line) });
    const order = ['tensorflow-gpu', 'webgpu', 'tensorflow', 'native-cpu', 'wasm', 'cpu'];
    expect(engine.passedOver.map(({ backend }) => backend)).toEqual(order.slice(0, order.indexOf(engine.name)));
    for (const { backend, reason } of engine.passedOver) {
      expect(reason).toMatch(
        /package \S+ (is not installed|is installed, but|is installed without|does not load)|adapter|Vulkan/,
      );
      expect(lines.join('\n')).toContain(`${backend} passed over: ${reason}`);
    }
    expect(lines.at(-1)).toContain(engine.device);
    await engine.dispose();
  });

  it('a backend asked for by name that cannot start is an error that names it and says why', async () => {
    const failure = startQuietly('tensorflow');
    await expect(failure).rejects.toThrow(EnvironmentError);
    await expect(failure).rejects.toThrow(/"tensorflow" cannot start.*package @tensorflow\/tfjs-node is not installed/);
  });

  it('a failed start leaves room for another', async () => {
    await expect(startQuietly('tensorflow')).rejects.toThrow(EnvironmentError);
    const engine = await startQuietly('wasm');
    expect(engine.name).toBe('wasm');
    expect(tf.getBackend()).toBe('wasm');
    await engine.dispose();
  });

  it('a second engine is refused while one runs, and disposing twice is harmless', async () => {
    const engine = await startQuietly('cpu');
    await expect(startQuietly('cpu')).rejects.toThrow(ConflictError);
    await engine.dispose();
    await engine.dispose();
    expect(engine.memory()).toEqual({ tensors: 0, bytes: 0 });
    await (await startQuietly('cpu')).dispose();
  });

  it('counts what tensors hold, and disposing frees tensors and variables', async () => {
    const engine = await startQuietly('wasm');
    expect(engine.memory()).toEqual({ tensors: 0, bytes: 0 });
    tf.tidy(() => tf.variable(tf.zeros([10]), true, 'kept'));
    expect(engine.memory().bytes).toBe(40);
    await engine.dispose();
    const again = await startQuietly('wasm');
    expect(again.memory()).toEqual({ tensors: 0, bytes: 0 });
    tf.tidy(() => tf.variable(tf.zeros([10]), true, 'kept')).dispose();
    await again.dispose();
  });
});
