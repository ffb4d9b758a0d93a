import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { referenceKernels } from '../ada-df/kernels.js';
import { EnvironmentError } from '../errors.js';
import { composedGradients } from './composed/convolution-gradients.js';
import { registerSegmentSum } from './composed/segment-sum.js';
import { registerConvolutions } from './convolution/convolutions.js';
import { KernelOverrides } from './kernel-overrides.js';
import { processorName } from './processor.js';
import { BackendUnavailable, type StartedBackend } from './started-backend.js';

/**
 * tfjs-wasm with SIMD on one thread (its threads are switched off in Node), its missing kernels composed of its own
 * operations.
 */
export async function startWasm(): Promise<StartedBackend> {
  const overrides = await setTfjsWasm();
  registerConvolutions(overrides, composedGradients);
  const device = `${processorName()}; tfjs-wasm`;
  return { device, threads: 1, kernels: referenceKernels, release: () => overrides.restore() };
}

/**
 * Sets tfjs to its WASM backend, makes Identity share data instead of copying them, and adds the kernel that gather's
 * gradient needs.
 */
export async function setTfjsWasm(): Promise<KernelOverrides> {
  await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm'))) throw new BackendUnavailable('tfjs-wasm did not initialise');
  refuseFailedAllocations(tf.backend() as BackendWasm);
  const overrides = new KernelOverrides('wasm');
  const copying = overrides.original('Identity')?.kernelFunc;
  overrides.set('Identity', (call) => {
    const x = call.inputs.x as tf.TensorInfo;
    if (x.dtype === 'string' && copying !== undefined) return copying(call);
    (call.backend as BackendWasm).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
  registerSegmentSum(overrides);
  return overrides;
}

/**
 * tfjs-wasm takes the null pointer of an allocation that found no room for an address, and would write over whatever
 * lies there. Its allocator
 * can also run over the end of the 4 GiB: from then on nothing of it can be trusted, and every allocation is refused.
 */
function refuseFailedAllocations(backend: BackendWasm): void {
  const module = backend.wasm as unknown as {
    _malloc: (bytes: number) => number;
    _free: (pointer: number) => void;
    HEAPU8: Uint8Array;
  };
  // The first call replaces the function by the one it stands for.
  module._free(module._malloc(1));
  const allocate = module._malloc;
  let overrun = false;
  module._malloc = (bytes) => {
    const pointer = overrun ? 0 : allocate(bytes) >>> 0;
    overrun ||= pointer + bytes > module.HEAPU8.length;
    if (!overrun && (pointer !== 0 || bytes === 0)) return pointer;
    const mebibytes = (size: number): string => `${Math.ceil(size / 2 ** 20)} MiB`;
    const remedy = `Use smaller batches, images or widths${overrun ? ', and restart the engine' : ''}.`;
    throw new EnvironmentError(
      `Out of memory: no room for a tensor of ${mebibytes(bytes)} in ${mebibytes(module.HEAPU8.length)} of WebAssembly memory (4096 MiB at most). ${remedy}`,
    );
  };
}
