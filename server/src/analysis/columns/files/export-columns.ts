import { access, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ConflictError, EnvironmentError, messageOf } from '../../../errors.js';
import type { ColumnSource } from '../column-batch.js';
import { columnFiles } from './formats.js';

export interface ExportOptions {
  format: keyof typeof columnFiles;
  file: string;
  /** Replaces a file that is there. */
  force: boolean;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/**
 * Writes columns into a file, whole or not at all: beside it first, under its own name when it is complete. @returns
 * samples written.
 * @throws ConflictError where the file exists, EnvironmentError where it cannot be written.
 */
export async function exportColumns(
  reading: ColumnSource,
  { format, file, force, signal, onProgress }: ExportOptions,
): Promise<number> {
  if (!force && (await exists(file)))
    throw new ConflictError(`"${file}" exists. Choose another name, or --force to replace it.`, { file });
  const partial = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.partial`);
  const output = await writable(file, () => columnFiles[format](partial, reading.schema, reading.facts));
  let done = 0;
  try {
    const total = await reading.count();
    onProgress(0, total);
    for await (const batch of reading.batches()) {
      signal.throwIfAborted();
      await writable(file, () => output.write(batch));
      done += batch.samples;
      onProgress(done, total);
    }
    signal.throwIfAborted();
    await writable(file, () => output.end());
    await writable(file, () => rename(partial, file));
    return done;
  } catch (error) {
    await output.abandon();
    await rm(partial, { force: true });
    throw error;
  }
}

async function writable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new EnvironmentError(`"${file}" cannot be written (${messageOf(error)}).`, { file });
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
