import { access, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EntityManager } from 'typeorm';
import { ConflictError, EnvironmentError, messageOf } from '../errors.js';
import { countRecords } from '../runs/recorded/step-losses.js';
import { stepsCsv } from '../runs/recorded/steps-csv.js';

/**
 * Writes what every step of a run reported as CSV, whole or not at all. @returns lines written.
 * @throws ConflictError where the file exists or the run has no steps, EnvironmentError where it cannot be written.
 */
export async function exportSteps(
  manager: EntityManager,
  { runRow, run, file, force }: { runRow: number; run: string; file: string; force: boolean },
): Promise<number> {
  if (!force && (await exists(file)))
    throw new ConflictError(`"${file}" exists. Choose another name, or --force to replace it.`, { file });
  const records = await countRecords(manager, runRow);
  if (records === 0)
    throw new ConflictError(
      `${run} has no steps: it has no epoch yet, was recorded elsewhere, or was trained before steps were kept.`,
      { run },
    );
  const partial = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.partial`);
  try {
    const output = await open(partial, 'wx');
    try {
      for await (const block of stepsCsv(manager, runRow)) await output.writeFile(block);
      await output.sync();
    } finally {
      await output.close();
    }
    await rename(partial, file);
    return records;
  } catch (error) {
    await rm(partial, { force: true });
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
