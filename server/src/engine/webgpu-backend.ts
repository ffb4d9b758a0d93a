import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { referenceKernels } from '../ada-df/kernels.js';
import { messageOf } from '../errors.js';
import { BackendUnavailable, type BackendRequest, type StartedBackend } from './started-backend.js';

const require = createRequire(import.meta.url);

/** The part of npm package `webgpu` (Dawn for Node) that is used here. */
interface DawnPackage {
  create(flags: string[]): Gpu;
  /** Constants that the WebGPU interface has as global variables, e.g. `GPUBufferUsage`. */
  globals: Record<string, unknown>;
}

interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

interface GpuAdapter {
  info: Record<'vendor' | 'architecture' | 'device' | 'description', string>;
  isFallbackAdapter?: boolean;
}

/** Adapters that compute on the processor: slower than every other backend here, good for tests alone. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

/** tfjs-webgpu on Dawn. A software adapter is refused unless the backend was asked for by name. Data are read asynchronously only. */
export async function startWebgpu(request: BackendRequest): Promise<StartedBackend> {
  requireInstalled('webgpu');
  requireInstalled('@tensorflow/tfjs-backend-webgpu');
  const withdraw = provideGpu(await loadDawn());
  try {
    const device = await describeAdapter(request.named);
    require('@tensorflow/tfjs-backend-webgpu');
    if (!(await tf.setBackend('webgpu'))) throw new BackendUnavailable(`tfjs-webgpu did not initialise on ${device}`);
    return { device, threads: 1, kernels: referenceKernels, release: withdraw };
  } catch (error) {
    withdraw();
    throw error;
  }
}

function requireInstalled(packageName: string): void {
  try {
    require.resolve(packageName);
  } catch {
    throw new BackendUnavailable(`package ${packageName} is not installed`);
  }
}

async function loadDawn(): Promise<DawnPackage> {
  const name: string = 'webgpu';
  try {
    return (await import(/* @vite-ignore */ name)) as DawnPackage;
  } catch (error) {
    throw new BackendUnavailable(`package webgpu does not load: ${messageOf(error)}`);
  }
}

/** Puts WebGPU where tfjs looks for it when it is loaded. @returns takes `navigator.gpu` away again. */
function provideGpu({ create, globals }: DawnPackage): () => void {
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(navigatorOf(), 'gpu', { value: create([]), configurable: true });
  return () => {
    delete navigatorOf().gpu;
  };
}

const navigatorOf = (): { gpu?: Gpu } => (globalThis as unknown as { navigator: { gpu?: Gpu } }).navigator;

async function describeAdapter(named: boolean): Promise<string> {
  const adapter = await navigatorOf().gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null || adapter === undefined) throw new BackendUnavailable('WebGPU finds no adapter');
  const { vendor, architecture, device, description } = adapter.info;
  const title = [description || device, vendor, architecture].filter((part) => part !== '').join(', ') || 'unnamed adapter';
  if (!named && (adapter.isFallbackAdapter === true || SOFTWARE.test(title))) throw new BackendUnavailable(`its only adapter computes in software (${title})`);
  return `${title}; WebGPU`;
}
