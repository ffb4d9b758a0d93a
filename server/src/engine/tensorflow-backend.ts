import { existsSync, globSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../errors.js';
import { referenceKernels } from '../ada-df/kernels.js';
import { processorName } from './processor.js';
import { BackendUnavailable, bringsGpuPackages, type BackendRequest, type StartedBackend } from './started-backend.js';

const require = createRequire(import.meta.url);

export const startTensorflow = (request: BackendRequest): Promise<StartedBackend> =>
  start('@tensorflow/tfjs-node', false, request);
export const startTensorflowGpu = (request: BackendRequest): Promise<StartedBackend> =>
  start('@tensorflow/tfjs-node-gpu', true, request);

/**
 * Its install script fetches libtensorflow from a host that many machines cannot reach, and npm then leaves the package
 * away or without its
 * binding: each state has its own reason here. A broken binding only logs when tfjs initialises it, hence the look at
 * `setBackend`'s result.
 */
async function start(packageName: string, gpu: boolean, request: BackendRequest): Promise<StartedBackend> {
  loadBinding(packageName);
  if (!(await tf.setBackend('tensorflow')))
    throw new BackendUnavailable(`package ${packageName} is installed, but its library did not initialise`);
  const backend = tf.backend() as unknown as { isUsingGpuDevice?: boolean };
  if (gpu && backend.isUsingGpuDevice !== true)
    throw new BackendUnavailable(`package ${packageName} is installed, but its library found no GPU`);
  const device = gpu ? 'CUDA GPU; libtensorflow' : `${processorName()}; libtensorflow`;
  return { device, threads: request.threads, kernels: referenceKernels, release: () => undefined };
}

function loadBinding(packageName: string): void {
  let manifest: string;
  try {
    manifest = require.resolve(`${packageName}/package.json`);
  } catch {
    const remedy = packageName === '@tensorflow/tfjs-node-gpu' ? `: ${bringsGpuPackages}` : '';
    throw new BackendUnavailable(`package ${packageName} is not installed${remedy}`);
  }
  const bindings = globSync('lib/napi-v*/tfjs_binding.node', { cwd: path.dirname(manifest) });
  if (!bindings.some((binding) => existsSync(path.join(path.dirname(manifest), binding)))) {
    throw new BackendUnavailable(
      `package ${packageName} is installed without its native binding (its install script could not run)`,
    );
  }
  // tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed.
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  try {
    require(packageName);
  } catch (error) {
    throw new BackendUnavailable(`package ${packageName} does not load: ${messageOf(error)}`);
  }
}
