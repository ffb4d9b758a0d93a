import * as tf from '@tensorflow/tfjs-core';
import { referenceKernels } from '../ada-df/kernels.js';
import { processorName } from './processor.js';
import { BackendUnavailable, type StartedBackend } from './started-backend.js';

/** tfjs in plain JavaScript: for tests and for networks of a few channels; a thousand times slower than the others. */
export async function startCpu(): Promise<StartedBackend> {
  await import('@tensorflow/tfjs-backend-cpu');
  if (!(await tf.setBackend('cpu'))) throw new BackendUnavailable('tfjs-cpu did not initialise');
  // Its first tensor would print an advertisement for tfjs-node.
  (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  return { device: `${processorName()}; JavaScript`, threads: 1, kernels: referenceKernels, release: () => undefined };
}
