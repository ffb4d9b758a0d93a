import { InvalidInputError } from '../../errors.js';
import type { Importer, LayoutPart } from '../importers/importer.js';
import type { SourceDirectory } from '../sources/source-directory.js';

/** How well a directory fits a format. */
export interface FormatFit {
  format: string;
  summary: string;
  parts: LayoutPart[];
  /** Every part was found. */
  fits: boolean;
}

/**
 * Every format with what was found of it: those that fit first, in the order of the registry (the more particular
 * first), then those with more parts found.
 */
export async function formatFits(
  source: SourceDirectory,
  importers: Readonly<Record<string, Importer>>,
): Promise<FormatFit[]> {
  const fits: FormatFit[] = [];
  for (const [format, importer] of Object.entries(importers)) {
    const parts = await importer.layout(source);
    fits.push({ format, summary: importer.summary, parts, fits: parts.every(({ found }) => found !== null) });
  }
  const share = ({ parts }: FormatFit): number => parts.filter(({ found }) => found !== null).length / parts.length;
  return fits.sort((a, b) => share(b) - share(a));
}

/** The format of a directory. @throws InvalidInputError (`format`) that says of each format what is missing. */
export async function detectFormat(
  source: SourceDirectory,
  importers: Readonly<Record<string, Importer>>,
): Promise<FormatFit> {
  const fits = await formatFits(source, importers);
  const best = fits[0];
  if (best?.fits) return best;
  const { folders, files } = await source.list();
  const shown = [...folders.map((name) => `${name}/`), ...files];
  const found =
    shown.length === 0
      ? 'an empty directory'
      : `${shown.slice(0, 8).join(', ')}${shown.length > 8 ? ` and ${shown.length - 8} more` : ''}`;
  throw new UnknownFormatError(fits, found);
}

class UnknownFormatError extends InvalidInputError {
  constructor(fits: readonly FormatFit[], found: string) {
    const lines = fits.map(
      ({ format, parts }) =>
        `  ${format}: ${parts
          .filter((part) => part.found === null)
          .map(({ what }) => what)
          .join('; ')}`,
    );
    super('format', `a directory of one of the known formats. What each misses:\n${lines.join('\n')}\n`, found);
  }
}
