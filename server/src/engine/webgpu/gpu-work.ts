import type { GpuComputePass } from './gpu-types.js';
import type { TfjsWebgpuBackend } from './tfjs-webgpu.js';

/** What a GPU was asked to do. */
export interface GpuWork {
  dispatches: number;
  submits: number;
  /** Writes from the processor's memory: tensors and parameters of shaders. */
  uploads: number;
  uploadedBytes: number;
  /** Reads into the processor's memory. */
  downloads: number;
  /** Buffers that had to be allocated, because none of that size was free. */
  buffers: number;
}

/** Counts, until `stop` is called, what the backend (its own kernels and added ones) asks of the GPU. */
export function observeWork(backend: TfjsWebgpuBackend): { work: GpuWork; stop: () => void } {
  const work: GpuWork = { dispatches: 0, submits: 0, uploads: 0, uploadedBytes: 0, downloads: 0, buffers: 0 };
  const { GPUComputePassEncoder: passes } = globalThis as unknown as {
    GPUComputePassEncoder: { prototype: GpuComputePass };
  };
  const undo = [
    before(passes.prototype, 'dispatchWorkgroups', () => work.dispatches++),
    before(backend.queue, 'submit', () => work.submits++),
    before(backend.queue, 'writeBuffer', (_, __, data) => {
      work.uploads++;
      work.uploadedBytes += data.byteLength;
    }),
    before(backend.device, 'createBuffer', () => work.buffers++),
    before(backend, 'read', (dataId) => (work.downloads += backend.tensorMap.get(dataId).values ? 0 : 1)),
    before(backend, 'uploadToGPU', (dataId) => {
      const { resource, values } = backend.tensorMap.get(dataId);
      if (resource || !values) return;
      work.uploads++;
      work.uploadedBytes += values.length * 4;
    }),
  ];
  return { work, stop: () => undo.forEach((restore) => restore()) };
}

/** Calls `notice` before every call of a method. @returns puts the method back. */
function before<T extends object, K extends keyof T>(
  object: T,
  name: K,
  notice: T[K] extends (...args: infer A) => unknown ? (...args: A) => void : never,
): () => void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  const method = object[name] as (...args: unknown[]) => unknown;
  Object.defineProperty(object, name, {
    configurable: true,
    writable: true,
    value(this: unknown, ...args: unknown[]): unknown {
      (notice as (...args: unknown[]) => void)(...args);
      return method.apply(this, args);
    },
  });
  return () => {
    if (own) Object.defineProperty(object, name, own);
    else delete object[name];
  };
}
