import { messageOf, PlatformError } from '../errors.js';
import { OutOfMemory } from './out-of-memory.js';
import type { TrainingRun } from '../runs/training-run.entity.js';

/** ENOSPC, quota, limit on a file's size; PostgreSQL's 53100. */
const diskCodes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG', '53100'];
/** What V8, WebAssembly, tfjs, onnxruntime, CUDA, Vulkan and the operating system say. */
const memoryWords =
  /out of memory|allocation failed|failed to allocate|cannot allocate|bad_alloc|OOM when allocating|Invalid typed array length|could not allocate|device was lost|ENOMEM/i;

/** Why a run failed, for the person who will start it again: what was wrong and what to change. */
export function failureMessage(error: unknown, run: TrainingRun): string {
  const { batchSize, imageSize, width } = run.configuration;
  if (isDiskFull(error)) {
    return `The disk is full: ${messageOf(error)}. Every epoch recorded before is kept. Make room, then go on from the last one with resumeTraining.`;
  }
  if (isOutOfMemory(error)) {
    return `Out of memory: ${error instanceof OutOfMemory ? error.reason : messageOf(error)} Lower batchSize (now ${batchSize}), imageSize (now ${imageSize}) or width (now ${width}). Every epoch recorded before is kept.`;
  }
  return messageOf(error);
}

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as Error & { code?: string; driverError?: unknown };
  return (code !== undefined && diskCodes.includes(code)) || (driverError !== error && isDiskFull(driverError));
}

function isOutOfMemory(error: unknown): boolean {
  // Messages of ours that speak of memory say what to lower already, in their own words.
  return (
    error instanceof Error &&
    (memoryWords.test(error.message) || (error instanceof PlatformError && error.code === 'OUT_OF_MEMORY'))
  );
}
