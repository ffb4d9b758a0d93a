import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../server/src/engine/engine.js';
import { registerGradients } from '../../../server/src/engine/gradients.js';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { loadSimd } from '../../../server/src/engine/heap/simd.js';
import { WasmHeap } from '../../../server/src/engine/heap/wasm-heap.js';
import { windowConvolutions } from '../../../server/src/engine/heap/window-convolutions.js';
import { loadOnnxBinding } from '../../../server/src/engine/onnx/onnx-binding.js';
import { onnxProduct, type MatrixProduct } from '../../../server/src/engine/onnx/matrix-products.js';
import { SessionCache } from '../../../server/src/engine/onnx/session-cache.js';
import { checkConvolutions } from '../../../server/src/engine/self-test.js';
import type { WasmMemory } from '../../../server/src/engine/heap/web-assembly.js';
import { startNativeCpu } from '../../../server/src/engine/native-cpu-backend.js';
import { convolutionErrors, noise, runConvolution, startQuietly, VARIANTS } from './engine-checks.js';
import { CASES, plainConvolution, relativeError, titleOf } from './plain-convolution.js';

describe.each(VARIANTS)('convolution on %s, forward and both gradients', (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startQuietly(backend);
  });
  afterAll(() => engine.dispose());

  it.each(CASES.map((c) => ({ title: titleOf(c), c })))('agrees with plain loops: $title', async ({ c }) => {
    const errors = await convolutionErrors(c);
    expect(errors.y).toBeLessThan(1e-5);
    expect(errors.dx).toBeLessThan(1e-5);
    expect(errors.dw).toBeLessThan(1e-5);
    expect(errors.tensorsLeft).toBe(0);
  });

  it('computes the same bits twice', async () => {
    for (const c of CASES) {
      const [first, second] = [await runConvolution(c), await runConvolution(c)];
      for (const name of ['y', 'dx', 'dw'] as const)
        expect(Buffer.from(second[name].buffer).equals(Buffer.from(first[name].buffer)), `${titleOf(c)}: ${name}`).toBe(
          true,
        );
    }
  });

  it("pads unevenly where 'same' asks for it", async () => {
    const [x, filter] = [noise(2 * 6 * 5 * 8, 4), noise(3 * 3 * 8 * 8, 5)];
    const [y, dx, dw] = tf.tidy(() => {
      const convolve = (image: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
        tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, 2, 'same');
      const inputs = [tf.tensor4d(x, [2, 6, 5, 8]), tf.tensor4d(filter, [3, 3, 8, 8])];
      return [convolve(inputs[0], inputs[1]), ...tf.grads(convolve)(inputs)];
    });
    // 6 rows and stride 2: one row of zeros below, none above; 5 columns: one on either side.
    const padded = new Float32Array(2 * 7 * 7 * 8);
    for (let i = 0; i < x.length; i++) {
      const [n, row, column, channel] = [Math.floor(i / 240), Math.floor(i / 40) % 6, Math.floor(i / 8) % 5, i % 8];
      padded[((n * 7 + row) * 7 + column + 1) * 8 + channel] = x[i];
    }
    const plain = { batch: 2, height: 7, width: 7, inChannels: 8, outChannels: 8, kernel: 3, stride: 2, pad: 0 };
    const expected = plainConvolution(plain, padded, filter, new Float32Array(2 * 3 * 3 * 8).fill(1));
    expect(relativeError(await y.data(), expected.y)).toBeLessThan(1e-5);
    expect(relativeError(await dw.data(), expected.dw)).toBeLessThan(1e-5);
    const inside = Float64Array.from(x, (_, i) => {
      const [n, row, column, channel] = [Math.floor(i / 240), Math.floor(i / 40) % 6, Math.floor(i / 8) % 5, i % 8];
      return expected.dx[((n * 7 + row) * 7 + column + 1) * 8 + channel];
    });
    expect(relativeError(await dx.data(), inside)).toBeLessThan(1e-5);
    tf.dispose([y, dx, dw]);
  });

  it('computes dilated convolutions forward', async () => {
    const y = tf.tidy(() =>
      tf.conv2d(tf.ones<tf.Rank.R4>([1, 5, 5, 1]), tf.ones<tf.Rank.R4>([3, 3, 1, 1]), 1, 'valid', 'NHWC', 2),
    );
    expect([...(await y.data())]).toEqual([9]);
    y.dispose();
  });
});

describe('own SIMD kernels without fused multiply-add', () => {
  let release: () => void;
  beforeAll(async () => {
    registerGradients();
    const withoutOnnx = {
      loadOnnxBinding: () => {
        throw new Error('left out');
      },
      loadSimd: (memory: WasmMemory) => loadSimd(memory, false),
    };
    const started = await startNativeCpu(
      { threads: 1, named: true, onnxruntime: true, log: () => undefined },
      withoutOnnx,
    );
    expect(started.device).not.toContain('fused multiply-add');
    release = started.release;
  });
  afterAll(() => {
    release();
    tf.engine().reset();
  });

  it.each(CASES.map((c) => ({ title: titleOf(c), c })))('agree with plain loops: $title', async ({ c }) => {
    const { y, dx, dw } = await convolutionErrors(c);
    expect(Math.max(y, dx, dw)).toBeLessThan(1e-5);
  });
});

describe('convolutions whose windows do not fit the work space', () => {
  it('go in pieces and agree with those laid out whole', async () => {
    const engine = await startQuietly('native-cpu', 1);
    const heap = new WasmHeap(tf.backend() as BackendWasm);
    const binding = loadOnnxBinding();
    const sessions = new SessionCache(binding, 1);
    let products = 0;
    const whole = onnxProduct(heap, binding, sessions);
    const counted: MatrixProduct = (...operands) => {
      products++;
      whole(...operands);
    };
    const simd = loadSimd(heap.memory()).kernels;
    checkConvolutions(windowConvolutions(heap, simd, counted));
    const before = products;
    checkConvolutions(windowConvolutions(heap, simd, counted, 1500));
    expect(products - before).toBeGreaterThan(3 * before);
    sessions.dispose();
    heap.freeWork();
    await engine.dispose();
  });
});
