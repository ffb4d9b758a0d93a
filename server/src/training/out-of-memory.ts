import { messageOf, PlatformError } from '../errors.js';

/** How WebAssembly, V8, libtensorflow and WebGPU say that memory ran out. */
const signs =
  /out of memory|\bOOM\b|allocation failed|bad_alloc|failed to allocate|device (is|was) lost|invalid (typed )?array length/i;

/** A step or an evaluation did not fit; the message says what to lower. */
export class OutOfMemory extends PlatformError {
  /** What was thrown, in its own words. */
  readonly reason: string;

  constructor(error: unknown, { batch, size, width }: { batch: number; size: number; width: number }) {
    const remedy = `Lower the batch size (${batch}), the image size (${size} px) or the width (${width}).`;
    super('OUT_OF_MEMORY', `Training ran out of memory: ${messageOf(error)} ${remedy}`, { batch, size, width });
    this.reason = messageOf(error);
  }
}

/** @returns an error that says what to lower where memory ran out, and the error itself otherwise. */
export function explainOutOfMemory(error: unknown, sizes: { batch: number; size: number; width: number }): unknown {
  return error instanceof OutOfMemory || !signs.test(messageOf(error)) ? error : new OutOfMemory(error, sizes);
}
