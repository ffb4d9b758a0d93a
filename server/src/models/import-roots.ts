import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError } from '../errors.js';

/** Directories of the server's disk that clients may name files of. Without any, files come by upload only. */
export class ImportRoots {
  constructor(private readonly roots: readonly string[]) {}

  /** The real path of a file below one of them. @throws InvalidInputError where it is missing or outside, by `..` and links too; it does not say which. */
  async file(given: string, argument: string): Promise<string> {
    const roots = await Promise.all(this.roots.map((root) => realpath(root).catch(() => null)));
    const found = await realpath(path.resolve(given)).catch(() => null);
    const isInside = found !== null && roots.some((root) => root !== null && found.startsWith(root.endsWith(path.sep) ? root : root + path.sep));
    if (!isInside) throw new InvalidInputError(argument, this.roots.length === 0 ? 'an upload: the server has no IMPORT_ROOTS' : 'a file below one of the IMPORT_ROOTS of the server', given);
    return found;
  }
}
