import { EnvironmentError, messageOf } from '../../errors.js';
import type { TfjsWebgpuBackend } from './tfjs-webgpu.js';

/**
 * WebGPU reports errors (out of memory, a lost device, a shader refused) long after the call that caused them, and goes
 * on with buffers of
 * nothing. From the first of them on, no value is read any more: whoever waits for one gets the reason instead.
 */
export function failOnErrors(backend: TfjsWebgpuBackend, title: string): void {
  let failure: string | undefined;
  backend.device.addEventListener('uncapturederror', (event) => {
    // Otherwise Dawn prints it, and all that follow from it.
    event.preventDefault?.();
    failure ??= describe(event.error, title);
  });
  void backend.device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed')
      failure ??= `The GPU was lost (${title}): ${message}. Its driver restarted, or another program used it up; restart the engine.`;
  });
  const reading = backend.read.bind(backend);
  backend.read = async (dataId) => {
    try {
      const values = await reading(dataId);
      if (failure === undefined) return values;
    } catch (error) {
      failure ??= `${title} gave no values: ${messageOf(error)}`;
    }
    throw new EnvironmentError(failure);
  };
}

function describe(error: { message: string; constructor: { name: string } }, title: string): string {
  const first = error.message.split('\n', 1)[0];
  if (
    /OutOfMemory/i.test(error.constructor.name) ||
    /out of (device )?memory|too large|exceeds the max/i.test(error.message)
  ) {
    return `Out of memory on ${title}: ${first}. Use smaller batches or images.`;
  }
  return `${title} refused work: ${first}`;
}
