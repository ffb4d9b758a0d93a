import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type DataStore, privateDirectory } from './data-store.js';

const trashName = 'trash';

/** So long a person has to find out that something is missing. */
export const graceMilliseconds = 7 * 24 * 3600 * 1000;

/** `<time in ms>-<why>-<6 hexadecimal digits>`: what one sweep took, by the paths it had below the data directory. */
const heapName = /^(\d{13})-[a-z-]+-[0-9a-f]{6}$/;

/**
 * What sweeps take away lies here until the grace period is over; `mv` brings it back. @param why lower case letters
 * and `-`.
 * @param files or folders, relative to the data directory. @returns how many of them were there.
 */
export async function throwAway(store: DataStore, why: string, files: Iterable<string>): Promise<number> {
  const heap = store.file(trashName, `${Date.now()}-${why}-${randomBytes(3).toString('hex')}`);
  let thrown = 0;
  for (const file of files) {
    const target = path.join(heap, file);
    await mkdir(path.dirname(target), { recursive: true, mode: privateDirectory });
    thrown += await moved(store.file(file), target);
  }
  return thrown;
}

/** Removes for good what lies in the trash for longer than the grace period. @returns how many sweeps' takings went. */
export async function emptyTrash(store: DataStore, now = Date.now()): Promise<number> {
  const heaps = await oldHeaps(store, graceMilliseconds, now);
  for (const heap of heaps) await rm(store.file(trashName, heap), { recursive: true, force: true });
  return heaps.length;
}

/** Names of what sweeps took longer than `grace` milliseconds ago. */
export async function oldHeaps(store: DataStore, grace: number, now = Date.now()): Promise<string[]> {
  const names = await readdir(store.file(trashName)).catch(() => []);
  return names.filter((name) => now - Number(heapName.exec(name)?.[1] ?? Infinity) > grace);
}

/** @returns 1; 0 where there is no such file. */
async function moved(file: string, target: string): Promise<number> {
  try {
    await rename(file, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 0;
    // A folder of the data directory may be a link to another disk.
    if (code !== 'EXDEV') throw error;
    await cp(file, target, { recursive: true, preserveTimestamps: true });
    await rm(file, { recursive: true });
  }
  return 1;
}
