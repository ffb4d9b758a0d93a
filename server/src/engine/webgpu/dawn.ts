import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { messageOf } from '../../errors.js';
import { BackendUnavailable, bringsGpuPackages } from '../started-backend.js';
import type { Gpu, GpuAdapter, GpuDevice, LimitName } from './gpu-types.js';

const require = createRequire(import.meta.url);

/** The part of npm package `webgpu` (Dawn for Node) that is used here. */
interface DawnPackage {
  create(flags: string[]): Gpu;
  /** Constants that the WebGPU interface has as global variables, e.g. `GPUBufferUsage`. */
  globals: Record<string, unknown>;
}

export interface OpenDevice {
  device: GpuDevice;
  adapter: GpuAdapter;
  /** Printable: adapter, vendor and architecture. */
  title: string;
}

/** Adapters that compute on the processor: slower than every other backend here, good for tests alone. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

/** @param title of an adapter, or of a device on it. */
export const computesInSoftware = (title: string): boolean => SOFTWARE.test(title);

/** Every limit that kernels of ours or of tfjs make use of: asked for as high as the adapter goes. */
const LIMITS: readonly LimitName[] = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBuffersPerShaderStage',
];

/**
 * Puts WebGPU where tfjs-webgpu looks for it when it is loaded: constants among the globals, Dawn as `navigator.gpu`.
 * @returns Dawn and what takes `navigator.gpu` away again. @throws BackendUnavailable with what is missing.
 */
export async function provideGpu(): Promise<{ gpu: Gpu; withdraw: () => void }> {
  requireInstalled('webgpu');
  requireInstalled('@tensorflow/tfjs-backend-webgpu');
  requireVulkan();
  const { create, globals } = await loadDawn();
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  const navigator = (globalThis as unknown as { navigator: { gpu?: Gpu } }).navigator;
  const gpu = create([]);
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  return { gpu, withdraw: () => void delete navigator.gpu };
}

/**
 * Opens the fastest adapter's device with all that it offers.
 * @param software whether an adapter that computes in software is welcome.
 */
export async function openDevice(gpu: Gpu, software: boolean): Promise<OpenDevice> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null)
    throw new BackendUnavailable(process.platform === 'linux' ? NO_DRIVER : 'WebGPU finds no adapter');
  const { vendor, architecture, device: name, description, isFallbackAdapter } = adapter.info;
  const title =
    [description || name, vendor, architecture].filter((part) => part !== '').join(', ') || 'unnamed adapter';
  if (!software && (isFallbackAdapter === true || computesInSoftware(`${title} ${name}`)))
    throw new BackendUnavailable(`its only adapter computes in software (${title})`);
  const features = ['timestamp-query', 'subgroups'].filter((feature) => adapter.features.has(feature));
  const limits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  try {
    return {
      device: await adapter.requestDevice({ requiredFeatures: features, requiredLimits: limits }),
      adapter,
      title,
    };
  } catch (error) {
    throw new BackendUnavailable(`${title} gives no device: ${messageOf(error)}`);
  }
}

const NO_DRIVER =
  "WebGPU finds no adapter: no Vulkan driver is installed. mesa-vulkan-drivers holds those of AMD and Intel, NVIDIA's driver brings its own; VK_DRIVER_FILES can name the JSON file of one that lies elsewhere";

function requireInstalled(packageName: string): void {
  try {
    require.resolve(packageName);
  } catch {
    throw new BackendUnavailable(`package ${packageName} is not installed: ${bringsGpuPackages}`);
  }
}

/** Of glibc's dlopen: the library stays although Node closes it again. Node's own constants leave it out. */
const rtldNodelete = 0x1000;

/** Where the Vulkan loader looks for the JSON files of drivers. Source: its LoaderDriverInterface.md. */
const driverDirectories = [
  '/usr/share',
  '/usr/local/share',
  '/etc',
  '/etc/xdg',
  '/run/opengl-driver/share',
  ...driversAtHome(),
];

/** None where the user has no home: an id without an entry in /etc/passwd. */
function driversAtHome(): string[] {
  try {
    return [`${os.homedir()}/.local/share`];
  } catch {
    return [];
  }
}

/**
 * Without loader or driver Dawn prints warnings of its own and finds no adapter. Looking for them first gives the
 * reason.
 */
function requireVulkan(): void {
  if (process.platform !== 'linux') return;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1', os.constants.dlopen.RTLD_NOW | rtldNodelete);
  } catch (error) {
    // Otherwise it loads, but is no module of Node's: all is well.
    if (!/did not self-register/.test(messageOf(error))) {
      throw new BackendUnavailable(
        `the Vulkan loader is missing (${messageOf(error)}): install libvulkan1 (Debian, Ubuntu), vulkan-loader (Fedora, Alpine) or vulkan-icd-loader (Arch)`,
      );
    }
  }
  // The loader's variables, no setting of ours: what matters is whether it has been told of a driver.
  const variables = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES', 'XDG_DATA_DIRS', 'XDG_CONFIG_DIRS'];
  // oxlint-disable-next-line node/no-process-env -- see above
  const named = variables.some((name) => process.env[name] !== undefined);
  if (!named && !driverDirectories.some((directory) => globSync(`${directory}/vulkan/icd.d/*.json`).length > 0))
    throw new BackendUnavailable(NO_DRIVER);
}

async function loadDawn(): Promise<DawnPackage> {
  const name: string = 'webgpu';
  try {
    return (await import(/* @vite-ignore */ name)) as DawnPackage;
  } catch (error) {
    throw new BackendUnavailable(`package webgpu does not load: ${messageOf(error)}`);
  }
}
