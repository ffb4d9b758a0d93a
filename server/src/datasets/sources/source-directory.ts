import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathInside } from '../../storage/file-inside.js';
import { InvalidInputError } from '../../errors.js';
import { isSystemName } from './system-files.js';

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

  /** A folder in it, as a source of its own. @throws InvalidInputError where it is none, or leads out. */
  async inside(folder: string): Promise<SourceDirectory> {
    const resolved = await pathInside(this.root, folder);
    if (resolved === null) throw new InvalidInputError('directory', 'a readable directory', folder);
    return new SourceDirectory(resolved, `${this.shownAs.replace(/\/+$/, '')}/${folder}`, this.filesAnywhere);
  }

  /** The directory above, where the user has the shell; null elsewhere. */
  async parent(): Promise<SourceDirectory | null> {
    const above = path.dirname(this.root);
    return this.filesAnywhere && above !== this.root
      ? SourceDirectory.open(above, { filesAnywhere: true }).catch(() => null)
      : null;
  }

  /** What is there; null for nothing, or something that leads outside. */
  async kindOf(relative: string): Promise<'file' | 'directory' | null> {
    const resolved = await pathInside(this.root, relative);
    const found = resolved === null ? null : await stat(resolved).catch(() => null);
    return found?.isFile() ? 'file' : found?.isDirectory() ? 'directory' : null;
  }

  /**
   * The first of these that is a file, as it is written on the disk: letters' case is no matter where the exact name is
   * missing.
   */
  firstFile(candidates: readonly string[]): Promise<string | null> {
    return this.first(candidates, 'file');
  }

  /** As `firstFile`, for a directory. */
  firstDirectory(candidates: readonly string[]): Promise<string | null> {
    return this.first(candidates, 'directory');
  }

  private async first(candidates: readonly string[], kind: 'file' | 'directory'): Promise<string | null> {
    for (const candidate of candidates) if ((await this.kindOf(candidate)) === kind) return candidate;
    for (const candidate of candidates) {
      const actual = await this.spelled(candidate);
      if (actual !== null && (await this.kindOf(actual)) === kind) return actual;
    }
    return null;
  }

  /** The path of this name in any case; null where a part of it is missing. */
  private async spelled(relative: string): Promise<string | null> {
    let actual = '';
    for (const part of relative.split('/')) {
      const inside = await this.list(actual).catch(() => null);
      const names = inside ? [...inside.folders, ...inside.files] : [];
      const name = names.includes(part) ? part : names.find((one) => one.toLowerCase() === part.toLowerCase());
      if (name === undefined) return null;
      actual = actual === '' ? name : `${actual}/${name}`;
    }
    return actual;
  }

  /**
   * Every folder with its files, from the top, `deepest` levels down; those of links are left out, so that a walk ends.
   */
  async *walk(deepest: number, from = ''): AsyncGenerator<{ folder: string; files: string[]; folders: string[] }> {
    const level = [from];
    for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
      const next: string[] = [];
      for (const folder of level) {
        const inside = await this.list(folder).catch(() => ({
          folders: [] as string[],
          files: [] as string[],
          links: [] as string[],
        }));
        yield { folder, ...inside };
        const own = inside.folders.filter((name) => !inside.links.includes(name));
        next.push(...own.map((name) => (folder === '' ? name : `${folder}/${name}`)));
      }
      level.splice(0, level.length, ...next);
    }
  }

  /** Files whose names fit, the uppermost first. */
  async find(name: RegExp, deepest = 3): Promise<string[]> {
    const found: string[] = [];
    for await (const { folder, files } of this.walk(deepest)) {
      found.push(
        ...files.filter((file) => name.test(file)).map((file) => (folder === '' ? file : `${folder}/${file}`)),
      );
    }
    return found;
  }

  /**
   * Names in a directory, sorted, without those of systems (`.DS_Store`); `links` are those of `folders` that are
   * links. @throws InvalidInputError when it is none.
   */
  async list(relative = ''): Promise<{ folders: string[]; files: string[]; links: string[] }> {
    const resolved = await pathInside(this.root, relative || '.');
    const entries = resolved && (await readdir(resolved, { withFileTypes: true }).catch(() => null));
    if (!entries) throw new InvalidInputError('directory', 'a readable directory', relative || this.shownAs);
    const folders: string[] = [];
    const files: string[] = [];
    const links: string[] = [];
    for (const entry of entries) {
      if (isSystemName(entry.name)) continue;
      const isFolder =
        entry.isDirectory() ||
        (entry.isSymbolicLink() &&
          (await this.kindOf(`${relative ? `${relative}/` : ''}${entry.name}`)) === 'directory');
      if (isFolder) folders.push(entry.name);
      else files.push(entry.name);
      if (isFolder && entry.isSymbolicLink()) links.push(entry.name);
    }
    return { folders: folders.filter((name) => !name.startsWith('.')).sort(), files: files.sort(), links };
  }

  /**
   * The real path of a file, to be opened at once. @throws InvalidInputError that names `argument` when there is no
   * such file inside.
   */
  async file(relative: string, argument = 'directory'): Promise<string> {
    const resolved = await pathInside(this.root, relative);
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
