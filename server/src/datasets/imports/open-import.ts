import { InvalidInputError } from '../../errors.js';
import { codesNote } from '../sources/class-codes.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { importers } from '../importers/index.js';
import type { Importer, ImporterOption, ImporterOptions, ImportSource } from '../importers/importer.js';
import { optionsOf } from '../importers/importer.js';
import { withClasses } from './choose-classes.js';
import { detectFormat, type FoundFormat, levelOf } from './detect-format.js';
import { withTableBeside } from './table-beside.js';

/**
 * What an importer reads of a directory, with the options that all importers share. @throws InvalidInputError when the directory does not have the layout or
 * an option is wrong.
 */
export async function openImport(
  importer: Importer,
  directory: SourceDirectory,
  given: ImporterOptions,
): Promise<ImportSource> {
  const read = await withTableBeside(await importer.open(directory, given), directory);
  const source = given['classes'] === undefined ? read : withClasses(read, given['classes']);
  const codes = codesNote(source.description.classes);
  return { ...source, notes: () => [...(codes === null ? [] : [codes]), ...(source.notes?.() ?? [])] };
}

const tableFlags = ['table', 'path-column', 'label-column', 'split-column'];

/** Options that may be given without a format: those of all importers, and those that say that a table is meant. */
export const generalOptions: readonly ImporterOption[] = optionsOf(importers.manifest).filter(
  ({ flag }) => flag === 'classes' || tableFlags.includes(flag),
);

/** @throws InvalidInputError (`format`) */
export function importerNamed(format: string): Importer {
  if (!Object.hasOwn(importers, format))
    throw new InvalidInputError('format', `auto or one of ${Object.keys(importers).join(', ')}`, format);
  return importers[format as keyof typeof importers];
}

export interface OpenedImport {
  format: string;
  source: ImportSource;
  /** What was found, where the format was looked for. */
  found: FoundFormat | null;
}

/**
 * Opens a directory as a format, or as the one that is found; of folders that hold everything what is in them.
 * @throws InvalidInputError when it is none, or an option is wrong.
 */
export async function openAs(
  directory: SourceDirectory,
  format: string | null,
  given: ImporterOptions,
): Promise<OpenedImport> {
  const meant = format ?? (tableFlags.some((flag) => given[flag] !== undefined) ? 'manifest' : null);
  if (meant !== null) {
    const importer = importerNamed(meant);
    return {
      format: meant,
      source: await openImport(importer, await levelOf(directory, importer), given),
      found: null,
    };
  }
  const found = await detectFormat(directory, importers);
  return { format: found.format, source: await openImport(importerNamed(found.format), found.source, given), found };
}
