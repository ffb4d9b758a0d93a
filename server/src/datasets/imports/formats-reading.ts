import type { Reading } from '../../untrusted/reading.js';
import { importers } from '../importers/index.js';
import { type FormatFit, formatFits } from './detect-format.js';
import { ImportRoots } from './import-roots.js';

/** A directory as a client names it, and the roots that it has to lie below. */
export interface DirectoryToLookAt {
  directory: string;
  roots: readonly string[];
}

/** What each format finds in a directory, for a reader: the first lines of tables may be of any length. */
export const formatsReading: Reading<DirectoryToLookAt, FormatFit[]> = {
  name: 'formats',
  limits: { seconds: 60, silentSeconds: 30, megabytes: 1200 },
  read: async ({ directory, roots }) => formatFits(await new ImportRoots(roots).directory(directory), importers),
};
