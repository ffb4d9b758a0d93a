import * as tf from '@tensorflow/tfjs-core';
import { observeWork, type GpuWork } from './gpu-work.js';
import { profileShaders, type ShaderTime } from './gpu-profile.js';
import type { TfjsWebgpuBackend } from './tfjs-webgpu.js';

export type { GpuWork, ShaderTime };

export interface ObservedGpu {
  /** Bytes of buffers on the device, those kept for reuse included. */
  allocatedBytes(): number;
  /** What `work` asks of the GPU. */
  count(work: () => Promise<void>): Promise<GpuWork>;
  /** Time on the GPU by shader, longest first; undefined where the device cannot measure it. Slows `work` down. */
  profile(work: () => Promise<void>): Promise<ShaderTime[] | undefined>;
}

/** The GPU of the running engine. @throws Error if that engine is not `webgpu`. */
export function runningGpu(): ObservedGpu {
  if (tf.getBackend() !== 'webgpu') throw new Error(`Expected the engine to run on webgpu, found ${tf.getBackend()}.`);
  const backend = tf.backend() as unknown as TfjsWebgpuBackend;
  return {
    allocatedBytes: () => backend.bufferManager.numBytesAllocated,
    count: async (work) => {
      const observed = observeWork(backend);
      try {
        await work();
      } finally {
        observed.stop();
      }
      return observed.work;
    },
    profile: (work) => profileShaders(backend, work),
  };
}
