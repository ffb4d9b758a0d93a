import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { SourceDirectory } from '../sources/source-directory.js';

/**
 * Directories of the server's disk that clients may name files and folders of. Without any, files come by upload only.
 */
export class ImportRoots {
  /** @param roots absolute. */
  constructor(readonly roots: readonly string[]) {}

  /**
   * The real path of a file below one of them. @throws InvalidInputError where it is missing or outside, by `..` and
   * links too; it says which only of names below a root.
   */
  async file(given: string, argument: string): Promise<string> {
    const found = await realpath(path.resolve(given)).catch(() => null);
    if (found === null || !(await this.holds(found)))
      throw new InvalidInputError(
        argument,
        this.roots.length === 0
          ? 'an upload: the server has no IMPORT_ROOTS'
          : `a file below one of the IMPORT_ROOTS of the server${await this.misspelt(given)}`,
        given,
      );
    const place = await stat(found).catch(() => null);
    if (!place?.isFile())
      throw new InvalidInputError(argument, `a file; this is ${place?.isDirectory() ? 'a directory' : 'none'}`, given);
    return found;
  }

  /**
   * A directory in or below one of them, given absolutely or relative to one. @throws InvalidInputError (`directory`)
   * where it is missing or outside; it says which only of names below a root.
   */
  async directory(given: string): Promise<SourceDirectory> {
    const candidates = path.isAbsolute(given) ? [given] : this.roots.map((root) => path.join(root, given));
    for (const candidate of given.includes('\0') ? [] : candidates) {
      const found = await realpath(candidate).catch(() => null);
      if (found !== null && ((await this.holds(found)) || (await this.isRoot(found))))
        return SourceDirectory.open(found, { shownAs: given });
    }
    throw new InvalidInputError(
      'directory',
      this.roots.length === 0
        ? 'an upload: the server has no IMPORT_ROOTS'
        : `a directory in or below ${this.roots.join(' or ')} (IMPORT_ROOTS)${await this.misspelt(given)}`,
      given,
    );
  }

  /** Names of the folders directly in a root; empty where it cannot be read. */
  async foldersOf(root: string): Promise<string[]> {
    const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  }

  /**
   * What is said of a path whose beginning lies below a root: the first name of it that is not there. Nothing of a path
   * that leaves the roots, by a link either: what lies elsewhere on the disk is nobody's business.
   */
  private async misspelt(given: string): Promise<string> {
    if (given.includes('\0') || !path.isAbsolute(given)) return '';
    let missing = path.resolve(given);
    while ((await lstat(missing).catch(() => null)) === null) {
      const above = path.dirname(missing);
      if (above === missing) return '';
      const real = await realpath(above).catch(() => null);
      if (real !== null)
        return (await this.holds(real)) || (await this.isRoot(real))
          ? `; "${path.basename(missing)}" is not in ${above}`
          : '';
      missing = above;
    }
    return '';
  }

  private async holds(real: string): Promise<boolean> {
    return (await this.realRoots()).some((root) => real.startsWith(root.endsWith(path.sep) ? root : root + path.sep));
  }

  private async isRoot(real: string): Promise<boolean> {
    return (await this.realRoots()).includes(real);
  }

  private async realRoots(): Promise<string[]> {
    const roots = await Promise.all(this.roots.map((root) => realpath(root).catch(() => null)));
    return roots.filter((root) => root !== null);
  }
}
