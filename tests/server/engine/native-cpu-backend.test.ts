import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { registerGradients } from '../../../server/src/engine/gradients.js';
import { loadSimd, type LoadedSimd } from '../../../server/src/engine/heap/simd.js';
import { startNativeCpu, type NativeCpuParts } from '../../../server/src/engine/native-cpu-backend.js';
import { loadOnnxBinding, type OnnxBinding, type OnnxSession } from '../../../server/src/engine/onnx/onnx-binding.js';
import type { StartedBackend } from '../../../server/src/engine/started-backend.js';
import { convolutionErrors } from './engine-checks.js';
import { CASES } from './plain-convolution.js';

const parts: NativeCpuParts = { loadOnnxBinding, loadSimd };

/** The real library, but the first value of every result is off by a hundredth. */
function wrongBinding(): OnnxBinding {
  const binding = loadOnnxBinding();
  class WrongSession {
    private readonly session: OnnxSession = new binding.InferenceSession();
    loadModel: OnnxSession['loadModel'] = (...args) => this.session.loadModel(...args);
    dispose(): void {
      this.session.dispose();
    }
    run: OnnxSession['run'] = (feeds, fetches, options) => {
      try {
        return this.session.run(feeds, fetches, options);
      } finally {
        for (const tensor of Object.values(fetches))
          if (tensor) (tensor as unknown as { data: Float32Array }).data[0] += 0.01 * 10;
      }
    };
  }
  return { ...binding, InferenceSession: WrongSession as unknown as OnnxBinding['InferenceSession'] };
}

/** The real kernels, but for one that does nothing. */
function without(name: keyof LoadedSimd['kernels']): NativeCpuParts['loadSimd'] {
  return (memory) => {
    const loaded = loadSimd(memory);
    return { ...loaded, kernels: { ...loaded.kernels, [name]: () => undefined } };
  };
}

describe('native-cpu, before it is used', () => {
  let started: StartedBackend | undefined;
  const lines: string[] = [];
  const start = async (changed: Partial<NativeCpuParts>): Promise<void> => {
    lines.length = 0;
    started = await startNativeCpu(
      { threads: 2, named: true, onnxruntime: true, log: (line) => lines.push(line) },
      { ...parts, ...changed },
    );
  };
  beforeAll(() => registerGradients());
  afterEach(() => {
    started?.release();
    started = undefined;
    tf.engine().reset();
  });

  it('takes onnxruntime where its convolutions pass the self-test, and leaves no tensor behind', async () => {
    await start({});
    expect(started?.device).toContain('onnxruntime 1.30.0');
    expect(started?.threads).toBe(2);
    expect(tf.memory().numTensors).toBe(0);
    expect(lines).toEqual([]);
  });

  it('steps down to its own convolutions where onnxruntime computes wrong numbers, and says so', async () => {
    await start({ loadOnnxBinding: wrongBinding });
    expect(lines.join()).toMatch(/own SIMD kernels.*onnxruntime failed the self-test: convolution of .* off by/);
    expect(started?.device).not.toContain('onnxruntime');
    expect((await convolutionErrors(CASES[0])).y).toBeLessThan(1e-5);
  });

  it('steps down where onnxruntime does not load, with the reason', async () => {
    await start({
      loadOnnxBinding: () => {
        throw new Error('libonnxruntime.so.1: cannot open shared object file');
      },
    });
    expect(lines.join()).toContain('libonnxruntime.so.1: cannot open shared object file');
    expect((await convolutionErrors(CASES[1])).dw).toBeLessThan(1e-5);
  });

  it.each(['gradientSums', 'affine', 'adam'] as const)(
    'is refused where the kernel %s computes nothing',
    async (name) => {
      await expect(start({ loadSimd: without(name) })).rejects.toThrow(
        /own SIMD kernels failed the self-test: training kernels, result \d+: off by/,
      );
    },
  );

  it.each(['gemm', 'im2col', 'col2im'] as const)(
    'is refused where neither onnxruntime nor the kernel %s computes right',
    async (name) => {
      await expect(start({ loadOnnxBinding: wrongBinding, loadSimd: without(name) })).rejects.toThrow(
        /own SIMD kernels failed the self-test: convolution/,
      );
    },
  );

  it('leaves tfjs-wasm as it was when it is refused', async () => {
    await expect(start({ loadSimd: without('affine') })).rejects.toThrow();
    expect(tf.getKernel('Conv2DBackpropFilter', 'wasm') ?? undefined).toBeUndefined();
  });
});
