import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError, PlatformError } from '../errors.js';

/** Below a data directory: its id, and whether a database has taken note of it. */
const identityName = 'store.json';

/** Only this user: faces of people lie here. */
export const privateDirectory = 0o700;

interface Identity {
  id: string;
  /** Whether a database has it among its own (see `claimStore`). */
  claimed: boolean;
}

/** Where something lies: below the data directory with that id, or, with null, at an absolute path of the machine. */
export interface Place {
  store: string | null;
  /** Relative to the data directory, with forward slashes; absolute where `store` is null. */
  root: string;
}

/**
 * A data directory by an id that it carries itself, wherever it lies and by whatever path it is reached: copied, moved
 * or behind a link, what was
 * stored in it is found again.
 */
export class DataStore {
  private identity: Identity | null = null;

  private constructor(
    /** Absolute, as it was given. */
    readonly directory: string,
  ) {}

  /** Makes nothing yet: the directory and its id come with the first file. */
  static open(directory: string): DataStore {
    return new DataStore(path.resolve(directory));
  }

  /** Whether something was stored or claimed here before. */
  get exists(): boolean {
    return existsSync(this.file(identityName));
  }

  /** @throws EnvironmentError where `store.json` cannot be read or written. */
  get id(): string {
    return this.known().id;
  }

  get claimed(): boolean {
    return this.known().claimed;
  }

  /** Says for good that a database knows this directory. */
  claim(): void {
    const claimed = { id: this.id, claimed: true };
    const part = `${this.file(identityName)}.${process.pid}.part`;
    writeFileSync(part, text(claimed), { mode: 0o600 });
    renameSync(part, this.file(identityName));
    this.identity = claimed;
  }

  private known(): Identity {
    try {
      mkdirSync(this.directory, { recursive: true, mode: privateDirectory });
      this.identity ??= readIdentity(this.directory) ?? makeIdentity(this.directory);
      return this.identity;
    } catch (error) {
      if (error instanceof PlatformError) throw error;
      const { message } = error as Error;
      throw new EnvironmentError(
        `DATA_DIR: expected a directory that this user can write to, found "${this.directory}" (${message}).`,
        {
          variable: 'DATA_DIR',
          directory: this.directory,
        },
      );
    }
  }

  /** The absolute path of something below the directory. */
  file(...names: string[]): string {
    return path.join(this.directory, ...names);
  }

  /** Makes a folder below the directory, for this user alone. @returns its absolute path. */
  folder(...names: string[]): string {
    const folder = this.file(...names);
    mkdirSync(folder, { recursive: true, mode: privateDirectory });
    return folder;
  }

  /** Where a directory is to be found again. */
  async placeOf(directory: string): Promise<Place> {
    const absolute = path.resolve(directory);
    const real = await realpath(this.directory).catch(() => this.directory);
    const candidates = [
      [this.directory, absolute],
      [real, absolute],
      [real, await realpath(absolute).catch(() => absolute)],
    ] as const;
    for (const [outer, inner] of candidates) {
      const relative = path.relative(outer, inner);
      if (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)) {
        return { store: this.id, root: relative.split(path.sep).join('/') };
      }
    }
    return { store: null, root: absolute };
  }

  /**
   * The absolute path of a place. @throws PlatformError OTHER_STORE where it lies in another data directory than this.
   */
  pathOf({ store, root }: Place): string {
    if (store === null) return root;
    if (store === this.id) return this.file(root);
    throw elsewhere(store, this);
  }
}

/** What is asked for lies in a data directory that this process does not have. */
export function elsewhere(store: string, own: DataStore | null): PlatformError {
  const found = own ? `this process has ${own.id}` : 'this process has none';
  const message = `It lies in the data directory with the id ${store}; ${found}. Start it with the DATA_DIR of the platform that stored it.`;
  return new PlatformError('OTHER_STORE', message, { expected: store, found: own?.id ?? null });
}

function text(identity: Identity): string {
  return `${JSON.stringify(identity)}\n`;
}

function readIdentity(directory: string): Identity | null {
  const file = path.join(directory, identityName);
  if (!existsSync(file)) return null;
  const written = readFileSync(file, 'utf8');
  try {
    const { id, claimed } = JSON.parse(written) as Partial<Identity>;
    if (typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)) return { id, claimed: claimed === true };
  } catch {
    // Told below.
  }
  throw new EnvironmentError(
    `DATA_DIR: expected the id of the data directory in "${file}", found ${JSON.stringify(written.slice(0, 80))}. Nothing was changed: ` +
      'put that file back from a copy, or remove it, and the directory is taken for the one of its database.',
    { variable: 'DATA_DIR', directory },
  );
}

/** A hard link appears whole or not at all; of two that make one at once, one wins. */
function makeIdentity(directory: string): Identity {
  const file = path.join(directory, identityName);
  const part = `${file}.${process.pid}.part`;
  const made = { id: randomUUID(), claimed: false };
  writeFileSync(part, text(made), { mode: 0o600 });
  try {
    linkSync(part, file);
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readIdentity(directory)!;
    // A disk without hard links.
    if (!existsSync(file)) writeFileSync(file, text(made), { mode: 0o600, flag: 'wx' });
    return readIdentity(directory)!;
  } finally {
    rmSync(part, { force: true });
  }
}
