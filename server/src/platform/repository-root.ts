import { existsSync } from 'node:fs';
import path from 'node:path';

/** The directory of package.json: this file runs from `server/src` as well as from `dist/server/src`. */
export const repositoryRoot = rootAbove(import.meta.dirname);

function rootAbove(directory: string): string {
  return existsSync(path.join(directory, 'package.json')) ? directory : rootAbove(path.dirname(directory));
}
