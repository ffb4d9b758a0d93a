import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../errors.js';
import { registerConvolutions, type Convolutions } from './convolution/convolutions.js';
import { fusedKernels } from './heap/fused-kernels.js';
import { simdConvolutions } from './heap/simd-convolutions.js';
import { loadSimd, type LoadedSimd } from './heap/simd.js';
import type { WasmMemory } from './heap/web-assembly.js';
import { WasmHeap } from './heap/wasm-heap.js';
import { windowConvolutions } from './heap/window-convolutions.js';
import type { Compile } from './compiled-graph.js';
import { onnxCompiler } from './onnx/onnx-compiler.js';
import { loadOnnxBinding, type OnnxBinding } from './onnx/onnx-binding.js';
import { onnxProduct } from './onnx/matrix-products.js';
import { SessionCache } from './onnx/session-cache.js';
import { processorName } from './processor.js';
import { checkConvolutions, checkTrainingKernels } from './self-test.js';
import { BackendUnavailable, type BackendRequest, type StartedBackend } from './started-backend.js';
import { setTfjsWasm } from './wasm-backend.js';

/** What the tests replace to see the backend step down. */
export interface NativeCpuParts {
  loadOnnxBinding: () => OnnxBinding;
  loadSimd: (memory: WasmMemory) => LoadedSimd;
}

const PARTS: NativeCpuParts = { loadOnnxBinding, loadSimd };

/**
 * tfjs-wasm's memory and small operations, with convolutions by onnxruntime where it loads, else by own SIMD kernels,
 * and batch norm and Adam
 * by own SIMD kernels. Each passes the self-test before it is used.
 */
export async function startNativeCpu(request: BackendRequest, parts: NativeCpuParts = PARTS): Promise<StartedBackend> {
  const overrides = await setTfjsWasm();
  try {
    const heap = new WasmHeap(tf.backend() as BackendWasm);
    const simd = parts.loadSimd(heap.memory());
    const kernels = fusedKernels(heap, simd.kernels);
    tested('own SIMD kernels', () => checkTrainingKernels(kernels));
    const chosen = chooseConvolutions(heap, simd, request, parts);
    registerConvolutions(overrides, chosen.convolutions);
    const release = (): void => {
      overrides.restore();
      chosen.release();
      heap.freeWork();
    };
    return {
      device: `${processorName()}; ${chosen.title}`,
      threads: chosen.threads,
      kernels,
      compile: chosen.compile,
      release,
    };
  } catch (error) {
    overrides.restore();
    throw error;
  }
}

interface ChosenConvolutions {
  convolutions: Convolutions;
  title: string;
  threads: number;
  compile?: Compile;
  release(): void;
}

function chooseConvolutions(
  heap: WasmHeap,
  simd: LoadedSimd,
  request: BackendRequest,
  parts: NativeCpuParts,
): ChosenConvolutions {
  const fusedTitle = `SIMD kernels${simd.relaxed ? ' with fused multiply-add' : ''}`;
  try {
    if (!request.onnxruntime) throw new BackendUnavailable('onnxruntime is switched off');
    const binding = parts.loadOnnxBinding();
    const sessions = new SessionCache(binding, request.threads);
    const convolutions = windowConvolutions(heap, simd.kernels, onnxProduct(heap, binding, sessions));
    try {
      tested('onnxruntime', () => checkConvolutions(convolutions));
    } finally {
      sessions.dispose();
    }
    return {
      convolutions,
      title: `onnxruntime ${binding.version} and ${fusedTitle}`,
      threads: request.threads,
      compile: onnxCompiler(binding, request.threads),
      release: () => sessions.dispose(),
    };
  } catch (error) {
    request.log(
      `Engine: native-cpu convolves with its own SIMD kernels on one thread, about half as fast: ${messageOf(error)}.`,
    );
  }
  const convolutions = simdConvolutions(heap, simd.kernels);
  tested('own SIMD kernels', () => checkConvolutions(convolutions));
  return { convolutions, title: fusedTitle, threads: 1, release: () => undefined };
}

/** @throws BackendUnavailable in place of whatever the check throws. */
function tested(what: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new BackendUnavailable(`${what} failed the self-test: ${messageOf(error)}`);
  }
}
