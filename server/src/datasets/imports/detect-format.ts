import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import type { Importer, LayoutPart } from '../importers/importer.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { splitNamed } from '../sources/split-names.js';
import { unreadHints } from './unread-files.js';
import { isDocument } from '../sources/system-files.js';

/** How well a directory fits a format. */
export interface FormatFit {
  format: string;
  summary: string;
  parts: LayoutPart[];
  /** Every part was found. */
  fits: boolean;
}

/** A format, and where its layout begins: the directory itself, or below folders that hold everything. */
export interface FoundFormat extends FormatFit {
  source: SourceDirectory;
}

type Importers = Readonly<Record<string, Importer>>;

/** Folders that archives and downloads put around everything. */
const mostWrappers = 4;
/** Of folders beside each other so many are tried for a hint. */
const mostTried = 12;
/** Formats that fit many directories: no hint is given for them. */
const general: ReadonlySet<string> = new Set(['manifest', 'folder']);

/**
 * Every format with what was found of it: those that fit first, in the order of the registry (the more particular first), then those with more parts
 * found. Looks into folders that hold everything where the directory itself fits none.
 */
export async function formatFits(source: SourceDirectory, importers: Importers): Promise<FormatFit[]> {
  return (await bestLevel(source, importers)).fits;
}

/** The format of a directory. @throws InvalidInputError (`format`) that says what is nearest, and what is missing of it. */
export async function detectFormat(source: SourceDirectory, importers: Importers): Promise<FoundFormat> {
  const { source: level, fits } = await bestLevel(source, importers);
  const best = fits[0];
  if (best?.fits) return { ...best, source: level };
  const { folders, files } = await source.list();
  const shown = [...folders.map((name) => `${name}/`), ...files];
  const found =
    shown.length === 0
      ? 'an empty directory'
      : `${shown.slice(0, 8).join(', ')}${shown.length > 8 ? ` and ${shown.length - 8} more` : ''}`;
  throw new UnknownFormatError(nearest(fits), await hints(level, importers), found);
}

/** Where the layout of a format begins in a directory: the directory itself where it is nowhere whole. */
export async function levelOf(source: SourceDirectory, importer: Importer): Promise<SourceDirectory> {
  for await (const level of levels(source))
    if ((await importer.layout(level)).every(({ found }) => found !== null)) return level;
  return source;
}

interface Level {
  source: SourceDirectory;
  fits: FormatFit[];
}

/** The first level that fits a format, else the one that is nearest to one. */
async function bestLevel(source: SourceDirectory, importers: Importers): Promise<Level> {
  let best: Level | null = null;
  for await (const level of levels(source)) {
    const fits = await fitsOf(level, importers);
    if (fits[0]?.fits) return { source: level, fits };
    if (best === null || nearness(fits[0]) > nearness(best.fits[0])) best = { source: level, fits };
  }
  return best!;
}

/** The directory, then, as long as one folder holds everything but documents, what is in it. */
async function* levels(source: SourceDirectory): AsyncGenerator<SourceDirectory> {
  let level = source;
  yield level;
  for (let depth = 0; depth < mostWrappers; depth++) {
    const { folders, files } = await level.list();
    if (folders.length !== 1 || !files.every(isDocument) || splitNamed(folders[0]) !== null) return;
    level = await level.inside(folders[0]);
    yield level;
  }
}

async function fitsOf(source: SourceDirectory, importers: Importers): Promise<FormatFit[]> {
  const fits: FormatFit[] = [];
  for (const [format, importer] of Object.entries(importers)) {
    const parts = await importer.layout(source);
    fits.push({ format, summary: importer.summary, parts, fits: parts.every(({ found }) => found !== null) });
  }
  return fits.sort((a, b) => nearness(b) - nearness(a));
}

/** Share of the parts that are there; one with something else in its place counts half. */
function nearness({ parts }: FormatFit): number {
  const count = parts.reduce((sum, { found, instead }) => sum + (found !== null ? 1 : instead ? 0.5 : 0), 0);
  return count / parts.length;
}

const mostNearest = 2;

/** The formats to tell of where none fits: those of which something is there, else the general ones. */
function nearest(fits: readonly FormatFit[]): FormatFit[] {
  const near = fits.filter((fit) => nearness(fit) > 0).slice(0, mostNearest);
  return near.length > 0 ? near : fits.filter(({ format }) => general.has(format));
}

/** Directories near by that fit a format: one too high or too deep was named. */
async function hints(source: SourceDirectory, importers: Importers): Promise<string[]> {
  const particular = Object.fromEntries(Object.entries(importers).filter(([format]) => !general.has(format)));
  const found: string[] = [];
  const above = await source.parent();
  const formatAbove = above && (await fitsOf(above, particular))[0];
  // Of what fits above this directory has to be a part: others lie beside it by chance.
  const own = path.basename(source.root);
  const isPart = formatAbove?.parts.some((part) => part.found?.split(/[/,\s"]+/).includes(own));
  if (formatAbove?.fits && isPart)
    found.push(`The directory above, ${path.basename(above!.root)}, fits ${formatAbove.format}: import that.`);
  for (const name of (await source.list()).folders.slice(0, mostTried)) {
    const fits = (await fitsOf(await source.inside(name), importers)).find(
      (fit) => fit.fits && (!general.has(fit.format) || splitNamed(name) === null),
    );
    if (fits) found.push(`The folder ${name} in it fits ${fits.format}: import that, if it is all.`);
  }
  return [...found, ...(await unreadHints(source))];
}

class UnknownFormatError extends InvalidInputError {
  constructor(fits: readonly FormatFit[], hinted: readonly string[], found: string) {
    const lines = fits.map(
      ({ format, parts }) =>
        `  ${format} lacks ${parts
          .filter((part) => part.found === null)
          .map(lacked)
          .join('; ')}`,
    );
    const expected = 'a directory of one of the known formats (import --help lists them)';
    const message = [
      `format: expected ${expected}, found ${found}. Nearest:`,
      ...lines,
      ...hinted.map((hint) => `  ${hint}`),
    ].join('\n');
    super('format', expected, found, message);
  }
}

function lacked({ what, instead }: LayoutPart): string {
  return instead ? `${what} (there is ${instead})` : what;
}
