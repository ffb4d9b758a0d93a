import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PlatformError } from '../../errors.js';
import { type DataStore, type Place, privateDirectory } from '../../storage/data-store.js';
import { clear } from '../../storage/janitor/pile.js';
import type { RoomTaken } from '../../storage/room-taken.js';
import { throwAway } from '../../storage/trash.js';
import type { InspectedImage } from './image-inspection.js';

/** Below the data directory. */
const folderName = 'images';

/** `3f/3fa9….png`, and what an interrupted writing of it leaves. */
const contentName = /^[0-9a-f]{2}\/[0-9a-f]{64}\.[a-z]+(\.[0-9a-f]{12}\.part)?$/;

/** Of all those paths, the ones that rows name. */
export type AskNamed = (paths: readonly string[]) => Promise<ReadonlySet<string>>;

/** Paths that are asked for at once. */
const askedAtOnce = 50_000;

/**
 * Images by the SHA-256 of their bytes, under the data directory. The same image is stored once, whoever imports it,
 * and never changes. Files appear
 * whole: an interrupted write leaves a `.part` at most.
 */
export class ImageContent {
  constructor(readonly store: DataStore) {}

  /** Where a data set finds them. */
  get place(): Place {
    return { store: this.store.id, root: folderName };
  }

  /** Where an image lies: relative to the place, with forward slashes, `3f/3fa9….png`. */
  pathOf({ contentHash, format }: InspectedImage): string {
    return `${contentHash.slice(0, 2)}/${contentHash}.${format}`;
  }

  /** Stores bytes that were inspected before. @returns whether they were not there yet. */
  async put(bytes: Uint8Array, inspected: InspectedImage): Promise<boolean> {
    const file = this.store.file(folderName, this.pathOf(inspected));
    const there = await stat(file).catch(() => null);
    if (there?.size === bytes.length) return false;
    await mkdir(path.dirname(file), { recursive: true, mode: privateDirectory });
    const part = `${file}.${randomBytes(6).toString('hex')}.part`;
    try {
      await writeFile(part, bytes, { mode: 0o600 });
      await rename(part, file);
    } finally {
      await rm(part, { force: true });
    }
    return true;
  }

  /**
   * Takes what a failed import stored, and no row names, into the trash. Nothing may be stored meanwhile. @returns how
   * many files went.
   */
  async takeBack(stored: readonly string[], named: AskNamed): Promise<number> {
    return this.throwAway('failed-import', await unnamed(stored, named));
  }

  /**
   * Files that were stored before `before` and that no row names: killed imports leave them, and deleted data sets.
   * Nothing may be stored meanwhile. @returns paths relative to the data directory. @throws PlatformError SWEEP_REFUSED
   * where no file would remain: then it is the database that lacks the rows.
   */
  private async orphans(named: AskNamed, before: Date): Promise<string[]> {
    const all = await this.files();
    const orphans = await unnamed(all, named);
    if (orphans.length === 0) return [];
    if (orphans.length === all.length) {
      const message = `None of the ${all.length} stored images is named by this database; none was taken away. Is it the database of ${this.store.directory}?`;
      throw new PlatformError('SWEEP_REFUSED', message, { images: all.length, directory: this.store.directory });
    }
    const old: string[] = [];
    for (const orphan of orphans) {
      const found = await stat(this.store.file(folderName, orphan)).catch(() => null);
      if (found && found.mtime < before) old.push(`${folderName}/${orphan}`);
    }
    return old;
  }

  /**
   * Takes orphans that were stored before `before` into the trash, or with `dryRun` only says what would go. @throws
   * PlatformError SWEEP_REFUSED as `orphans`.
   */
  async sweep(named: AskNamed, before: Date, dryRun = false): Promise<RoomTaken> {
    return clear(this.store, await this.orphans(named, before), { dryRun, trash: 'orphans' });
  }

  private async throwAway(why: string, paths: readonly string[]): Promise<number> {
    if (paths.length === 0) return 0;
    return throwAway(
      this.store,
      why,
      paths.map((one) => `${folderName}/${one}`),
    );
  }

  /** Whatever has the name of an image of this store; anything else in the folder is somebody else's. */
  private async files(): Promise<string[]> {
    const root = this.store.file(folderName);
    const found: string[] = [];
    for (const entry of await readdir(root, { withFileTypes: true }).catch(() => [])) {
      if (!entry.isDirectory() || !/^[0-9a-f]{2}$/.test(entry.name)) continue;
      const names = (await readdir(path.join(root, entry.name))).map((name) => `${entry.name}/${name}`);
      found.push(...names.filter((name) => contentName.test(name)));
    }
    return found;
  }
}

async function unnamed(paths: readonly string[], named: AskNamed): Promise<string[]> {
  const left: string[] = [];
  for (let from = 0; from < paths.length; from += askedAtOnce) {
    const asked = paths.slice(from, from + askedAtOnce);
    const rows = await named(asked);
    left.push(...asked.filter((one) => !rows.has(one)));
  }
  return left;
}
