import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { registerConvolutions } from './convolution/convolutions.js';
import { fusedKernels } from './heap/fused-kernels.js';
import { simdConvolutions } from './heap/simd-convolutions.js';
import { loadSimd } from './heap/simd.js';
import { WasmHeap } from './heap/wasm-heap.js';
import { processorName } from './processor.js';
import type { BackendRequest, StartedBackend } from './started-backend.js';
import { setTfjsWasm } from './wasm-backend.js';

export async function startNativeCpu(request: BackendRequest): Promise<StartedBackend> {
  const overrides = await setTfjsWasm();
  const heap = new WasmHeap(tf.backend() as BackendWasm);
  const simd = loadSimd(heap.memory());
  registerConvolutions(overrides, simdConvolutions(heap, simd.kernels));
  return {
    device: `${processorName()}; SIMD kernels${simd.relaxed ? ' with fused multiply-add' : ''}`,
    threads: 1,
    kernels: fusedKernels(heap, simd.kernels),
    release: () => {
      overrides.restore();
      heap.freeWork();
    },
  };
}
