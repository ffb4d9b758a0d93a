import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError } from '../../errors.js';

/** Larger files are no pictures of faces; a few of them at a time would fill the memory. */
const largestImageBytes = 256 * 1024 * 1024;

export interface SourceOptions {
  /** What the user called it, for messages; default: the directory itself. */
  shownAs?: string;
  /** Options may name files anywhere (the command line); otherwise only files below the directory. */
  filesAnywhere?: boolean;
}

/**
 * The directory an importer reads. Every file is resolved before it is opened: nothing outside can be read, by `..`, an
 * absolute path or a
 * symbolic link. Paths given and returned are relative to it, with forward slashes.
 */
export class SourceDirectory {
  private constructor(
    /** Absolute, without links. */
    readonly root: string,
    readonly shownAs: string,
    private readonly filesAnywhere: boolean,
  ) {}

  /** @throws InvalidInputError (`directory`) when it is no readable directory. */
  static async open(
    directory: string,
    { shownAs = directory, filesAnywhere = false }: SourceOptions = {},
  ): Promise<SourceDirectory> {
    const root = await realpath(path.resolve(directory)).catch((error: NodeJS.ErrnoException) => error);
    if (root instanceof Error || !(await stat(root)).isDirectory())
      throw new InvalidInputError(
        'directory',
        'a readable directory',
        root instanceof Error ? `${shownAs} (${root.code})` : `${shownAs} (not a directory)`,
      );
    return new SourceDirectory(root, shownAs, filesAnywhere);
  }

  /** What is there; null for nothing, or something that leads outside. */
  async kindOf(relative: string): Promise<'file' | 'directory' | null> {
    const resolved = await resolveInside(this.root, relative);
    const found = resolved === null ? null : await stat(resolved).catch(() => null);
    return found?.isFile() ? 'file' : found?.isDirectory() ? 'directory' : null;
  }

  /** The first of these that is a file. */
  async firstFile(candidates: readonly string[]): Promise<string | null> {
    for (const candidate of candidates) if ((await this.kindOf(candidate)) === 'file') return candidate;
    return null;
  }

  async firstDirectory(candidates: readonly string[]): Promise<string | null> {
    for (const candidate of candidates) if ((await this.kindOf(candidate)) === 'directory') return candidate;
    return null;
  }

  /**
   * Names in a directory, sorted, those that start with a dot last of all left out of `folders`. @throws
   * InvalidInputError when it is none.
   */
  async list(relative = ''): Promise<{ folders: string[]; files: string[] }> {
    const resolved = await resolveInside(this.root, relative || '.');
    const entries = resolved && (await readdir(resolved, { withFileTypes: true }).catch(() => null));
    if (!entries) throw new InvalidInputError('directory', 'a readable directory', relative || this.shownAs);
    const folders: string[] = [];
    const files: string[] = [];
    for (const entry of entries) {
      const isFolder =
        entry.isDirectory() ||
        (entry.isSymbolicLink() &&
          (await this.kindOf(`${relative ? `${relative}/` : ''}${entry.name}`)) === 'directory');
      if (isFolder) folders.push(entry.name);
      else files.push(entry.name);
    }
    return {
      folders: folders.filter((name) => !name.startsWith('.') && name !== '__MACOSX').sort(),
      files: files.sort(),
    };
  }

  /**
   * The real path of a file, to be opened at once. @throws InvalidInputError that names `argument` when there is no
   * such file inside.
   */
  async file(relative: string, argument = 'directory'): Promise<string> {
    const resolved = await resolveInside(this.root, relative);
    if (!resolved || !(await stat(resolved)).isFile())
      throw new InvalidInputError(argument, `the file ${relative}`, `no such file in ${this.shownAs}`);
    return resolved;
  }

  /** The real path of a file that an option names: below the directory, or, on the command line, anywhere. */
  async optionFile(flag: string, given: string): Promise<string> {
    if (!path.isAbsolute(given) && (await this.kindOf(given)) === 'file') return this.file(given, flag);
    if (!this.filesAnywhere) {
      const inside = path.isAbsolute(given) ? path.relative(this.root, given) : given;
      return this.file(inside, flag);
    }
    const resolved = path.resolve(given);
    if (!(await stat(resolved).catch(() => null))?.isFile()) throw new InvalidInputError(flag, 'a file', given);
    return resolved;
  }
}

/** The real path of `relative` below `realRoot`; null when there is nothing, or it leads out. */
async function resolveInside(realRoot: string, relative: string): Promise<string | null> {
  if (relative.includes('\0')) return null;
  const resolved = await realpath(path.join(realRoot, relative)).catch(() => null);
  if (resolved === null) return null;
  return resolved === realRoot || resolved.startsWith(realRoot.endsWith(path.sep) ? realRoot : realRoot + path.sep)
    ? resolved
    : null;
}

/**
 * The real path of an image below `realRoot`, to be opened at once. @throws Error with a reason in few words when it
 * cannot be had.
 */
export async function imageFile(realRoot: string, relative: string): Promise<string> {
  const resolved = await resolveInside(realRoot, relative);
  if (resolved === null) throw new Error('no such file in the data set');
  const found = await stat(resolved);
  if (!found.isFile()) throw new Error('not a file');
  if (found.size === 0) throw new Error('the file is empty');
  if (found.size > largestImageBytes) throw new Error(`larger than ${largestImageBytes / 1024 / 1024} MiB`);
  return resolved;
}
