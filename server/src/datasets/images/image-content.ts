import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { InspectedImage } from './image-inspection.js';

/**
 * Images by the SHA-256 of their bytes, under the data directory. The same image is stored once, whoever imports it,
 * and never changes. Files appear
 * whole: an interrupted write leaves a `.part` at most, which the next `sweep` takes away.
 */
export class ImageContent {
  /** @param root absolute; made when the first image comes. */
  constructor(readonly root: string) {}

  /** Where an image lies: relative to the store's root, with forward slashes, `3f/3fa9….png`. */
  pathOf({ contentHash, format }: InspectedImage): string {
    return `${contentHash.slice(0, 2)}/${contentHash}.${format}`;
  }

  /** Stores bytes that were inspected before. */
  async put(bytes: Uint8Array, inspected: InspectedImage): Promise<void> {
    const file = path.join(this.root, this.pathOf(inspected));
    const there = await stat(file).catch(() => null);
    if (there?.size === bytes.length) return;
    await mkdir(path.dirname(file), { recursive: true });
    const part = `${file}.${randomBytes(6).toString('hex')}.part`;
    try {
      await writeFile(part, bytes);
      await rename(part, file);
    } finally {
      await rm(part, { force: true });
    }
  }

  /**
   * Takes away every file that is not among `used` (see `pathOf`), unfinished ones too. Nothing may be stored
   * meanwhile. @returns how many files went.
   */
  async sweep(used: ReadonlySet<string>): Promise<number> {
    let removed = 0;
    for (const folder of await readdir(this.root).catch(() => [] as string[])) {
      for (const name of await readdir(path.join(this.root, folder))) {
        if (used.has(`${folder}/${name}`)) continue;
        await rm(path.join(this.root, folder, name), { force: true });
        removed++;
      }
    }
    return removed;
  }
}
