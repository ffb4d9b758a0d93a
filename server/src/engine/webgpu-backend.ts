import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../errors.js';
import { registerConvolutions } from './convolution/convolutions.js';
import { KernelOverrides } from './kernel-overrides.js';
import { BackendUnavailable, type BackendRequest, type StartedBackend } from './started-backend.js';
import { openDevice, provideGpu, type OpenDevice } from './webgpu/dawn.js';
import { failOnErrors } from './webgpu/failures.js';
import { gpuConvolutions } from './webgpu/gpu-convolutions.js';
import { gpuKernels } from './webgpu/gpu-kernels.js';
import { GpuPrograms } from './webgpu/programs.js';
import { checkGpuKernels } from './webgpu/self-test.js';
import type { TfjsWebgpuBackend, TfjsWebgpuPackage } from './webgpu/tfjs-webgpu.js';

const require = createRequire(import.meta.url);

/**
 * tfjs-webgpu on Dawn (Vulkan, Metal, D3D12), with convolutions, batch norm and Adam as own compute shaders. A software
 * adapter is refused
 * unless the backend was asked for by name. Data are read asynchronously only.
 */
export async function startWebgpu(request: BackendRequest): Promise<StartedBackend> {
  const { gpu, withdraw } = await provideGpu();
  let backend: TfjsWebgpuBackend | undefined;
  const overrides = new KernelOverrides('webgpu');
  const release = (): void => {
    overrides.restore();
    withdraw();
    backend?.device.destroy();
    if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  };
  try {
    const opened = await openDevice(gpu, request.named);
    backend = await setTfjsWebgpu(opened);
    const programs = new GpuPrograms(backend);
    failOnErrors(backend, opened.title);
    registerConvolutions(overrides, gpuConvolutions(programs));
    const kernels = gpuKernels(programs);
    await checkGpuKernels(kernels, opened.title);
    return { device: `${opened.title}; WebGPU`, threads: 1, kernels, release };
  } catch (error) {
    release();
    throw error instanceof BackendUnavailable ? error : new BackendUnavailable(messageOf(error));
  }
}

/** tfjs's own factory would open a second device with lower limits: ours takes its place. */
async function setTfjsWebgpu({ device, adapter, title }: OpenDevice): Promise<TfjsWebgpuBackend> {
  const { WebGPUBackend } = require('@tensorflow/tfjs-backend-webgpu') as TfjsWebgpuPackage;
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
  if (!(await tf.setBackend('webgpu'))) throw new BackendUnavailable(`tfjs-webgpu did not initialise on ${title}`);
  return tf.backend() as unknown as TfjsWebgpuBackend;
}
