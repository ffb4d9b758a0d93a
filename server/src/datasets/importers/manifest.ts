import { InvalidInputError } from '../../errors.js';
import { classesOption } from '../sources/class-codes.js';
import { orderedClasses } from '../sources/class-order.js';
import { heldOut, heldOutChoices, heldOutOptions } from '../sources/held-out.js';
import { namedClasses, namesOfCodes } from '../sources/named-codes.js';
import { PictureFinder } from '../sources/picture-finder.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { encodingNote } from '../sources/text-encoding.js';
import { countLines } from '../sources/text-lines.js';
import {
  completeOptions,
  type Importer,
  type ImporterOption,
  type ImporterOptions,
  type ImportSource,
} from './importer.js';
import { type ColumnChoice, isJson } from './manifest-columns.js';
import { FolderComparison, manifestItem, type ManifestReading, meaning } from './manifest-items.js';
import { type ManifestOverview, type ManifestTables, overview, ratedRows } from './manifest-overview.js';
import type { ManifestRow, ManifestTable } from './manifest-row.js';
import { manifestRows } from './manifest-rows.js';
import { chosenTables, lacks, tableCandidates } from './manifest-tables.js';

const options: readonly ImporterOption[] = [
  {
    flag: 'table',
    value: 'file',
    description:
      'the manifest, or several, one a split, separated by commas; default: manifest.csv, .tsv or .jsonl, or the tables with paths and labels',
  },
  {
    flag: 'path-column',
    value: 'name',
    description:
      'the column with the path or name of the picture, where its name is not a usual one; a number counts from 1',
  },
  { flag: 'label-column', value: 'name', description: 'the column with the label, likewise' },
  { flag: 'split-column', value: 'name', description: 'the column with the split, likewise' },
  {
    flag: 'outside-votes',
    value: 'names',
    description: 'choices of raters that are no classes, separated by commas',
    default: 'unknown,NF',
  },
  {
    flag: 'crop',
    value: 'which',
    description:
      'box: cut the box of each row out of its picture; auto: where pictures stand in several rows with another box each',
    choices: ['auto', 'box', 'none'],
    default: 'auto',
  },
  ...heldOutOptions,
];
/** Rows of which a picture is looked for before a table is taken for one of this directory. */
const rowsTried = 5;

/**
 * Tables with a path a row (CSV with comma, semicolon, tab or bar, or JSON lines) with a label, votes, a distribution,
 * or ratings; split and subject where known.
 */
export const manifest: Importer = {
  summary: 'CSV or JSON lines with path and label, votes:<class>, p:<class> or rater:<name>',
  options,
  async layout(source) {
    const what =
      'a .csv, .tsv or .jsonl with the path of a picture and one of label, votes:<class>, p:<class>, rater:<name>';
    const candidates = await tableCandidates(source, {});
    const tables = await chosenTables(source, undefined, {}).catch((error: unknown) =>
      error instanceof InvalidInputError ? error : Promise.reject(error),
    );
    if (tables instanceof InvalidInputError)
      return [{ what, found: null, instead: lacks(candidates) ?? insteadOf(tables) }];
    const missing = await missingPictures(source, tables);
    if (missing !== null) return [{ what, found: null, instead: missing }];
    return [{ what, found: tables.map(({ shownAs }) => shownAs).join(', ') }];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const choice: ColumnChoice = {
      path: chosen['path-column'],
      label: chosen['label-column'],
      split: chosen['split-column'],
    };
    const tables: ManifestTables = { tables: await chosenTables(source, chosen['table'], choice), choice };
    return openTables(source, tables, chosen);
  },
};

function insteadOf(error: InvalidInputError): string | null {
  const found = error.details['found'];
  return Array.isArray(found) ? `several tables: ${found.join(', ')}` : null;
}

/** Of the first rows none whose picture is here: the table belongs to something else. Null where one is. */
async function missingPictures(source: SourceDirectory, tables: readonly ManifestTable[]): Promise<string | null> {
  const finder = new PictureFinder(source);
  let first: string | null = null;
  for (const table of tables) {
    let tried = 0;
    for await (const row of manifestRows(table, {})) {
      if (row.problem !== null) continue;
      first ??= `${table.shownAs}, whose pictures are not here, such as "${row.path.slice(0, 80)}"`;
      const { path } = await finder.find(row.path, { folders: table.folder === '' ? [''] : [table.folder, ''] });
      if ((await source.kindOf(path)) === 'file') return null;
      if (++tried >= rowsTried) break;
    }
  }
  return first;
}

async function openTables(
  source: SourceDirectory,
  tables: ManifestTables,
  chosen: ImporterOptions,
): Promise<ImportSource> {
  const outside = outsideOf(chosen);
  const found = await overview(tables, outside);
  const named = await classesOf(source, found, chosen);
  const shownAs = tables.tables.map((table) => table.shownAs).join(', ');
  if (named.classes.length < 2)
    throw new InvalidInputError('table', `at least two classes in ${shownAs}`, found.problem ?? named.classes);
  const crops = chosen['crop'] === 'box' || (chosen['crop'] === 'auto' && found.hasFaces);
  if (crops && !found.hasBoxes)
    throw new InvalidInputError('crop', `columns of a box in ${shownAs}, such as left, top, right, bottom`, 'none');
  const pictures = new PictureFinder(source);
  const folders = new FolderComparison();
  const reading: ManifestReading = {
    pictures,
    folders,
    classes: named.classes,
    codeNames: named.codeNames,
    outside,
    shares: heldOut(chosen),
    hasSplits: found.hasSplits,
    cutFrom: crops ? source.root : null,
    spelling: named.spelling,
    isSeveral: tables.tables.length > 1,
    facesMet: found.hasFaces ? new Map() : null,
  };
  const choices = choicesOf({ shownAs, named, found, crops }, chosen);
  const encodings = await Promise.all(tables.tables.map((table) => encodingNote(table.file, table.shownAs)));
  const fixed = [
    ...encodings.filter((note) => note !== null),
    ...found.notes,
    ...named.notes,
    ...boxNotes(found, crops),
  ];
  return {
    description: {
      format: 'manifest',
      source: source.shownAs,
      imageRoot: source.root,
      classes: named.classes,
      choices,
      expectedItems: found.ratedPictures ?? (await linesOf(tables.tables)),
      ...(crops && { makesImages: true }),
    },
    async *items() {
      pictures.begin();
      folders.begin();
      reading.facesMet?.clear();
      for await (const row of rowsOf(tables, found)) yield await manifestItem(row, reading);
    },
    notes: () => [...fixed, ...pictures.notes(), ...folders.notes()],
  };
}

async function* rowsOf(tables: ManifestTables, { ratedPictures }: ManifestOverview): AsyncGenerator<ManifestRow> {
  if (ratedPictures !== null) yield* await ratedRows(tables);
  else for (const table of tables.tables) yield* manifestRows(table, tables.choice);
}

function choicesOf(
  { shownAs, named, found, crops }: { shownAs: string; named: NamedLabels; found: ManifestOverview; crops: boolean },
  chosen: ImporterOptions,
): Record<string, string> {
  const columns = ['path-column', 'label-column', 'split-column'].flatMap((flag): [string, string][] =>
    chosen[flag] === undefined ? [] : [[flag, chosen[flag]]],
  );
  return {
    table: shownAs,
    ...Object.fromEntries(columns),
    ...(named.file !== null && { 'names-of-classes': named.file }),
    ...(found.hasBoxes && { crop: crops ? 'box' : 'none' }),
    ...(found.hasSplits ? {} : heldOutChoices(chosen)),
  };
}

/** What is done with the boxes of rows. */
function boxNotes({ hasBoxes, hasFaces }: ManifestOverview, crops: boolean): string[] {
  if (!hasBoxes) return [];
  if (crops) return ['The box of each row was cut out of its picture.'];
  const several = hasFaces ? ' Pictures with several boxes are in the data set several times.' : '';
  return [`Rows have a box of the face: pictures were taken whole, --crop box cuts it out.${several}`];
}

interface NamedLabels {
  classes: string[];
  /** Names for codes where a file beside gives them. */
  codeNames: ReadonlyMap<string, string> | null;
  file: string | null;
  spelling: ReadonlyMap<string, string>;
  notes: string[];
}

/** The classes of the labels that occur. */
async function classesOf(
  source: SourceDirectory,
  { labels }: ManifestOverview,
  chosen: ImporterOptions,
): Promise<NamedLabels> {
  const { spelling, notes } = oneSpelling([...labels].map((label) => meaning(label, {})));
  const classes = orderedClasses(spelling.values());
  const beside = chosen[classesOption.flag] === undefined ? await namedClasses(source) : null;
  const own: NamedLabels = { classes, codeNames: null, file: null, spelling, notes };
  if (beside === null) return own;
  const codeNames = namesOfCodes(beside, classes);
  if (codeNames !== null)
    return { ...own, classes: [...new Set(codeNames.values())], codeNames, file: beside.file, spelling: new Map() };
  // Names: the file's order, where it knows them all.
  if (classes.every((name) => beside.names.includes(name)))
    return { ...own, classes: [...new Set(beside.names)], file: beside.file };
  return own;
}

/** `Cat` and `CAT` are one class, by the spelling that comes first. */
function oneSpelling(names: readonly string[]): { spelling: Map<string, string>; notes: string[] } {
  const spelling = new Map<string, string>();
  const others = new Set<string>();
  for (const name of names) {
    const first = spelling.get(name.toLowerCase());
    if (first === undefined) spelling.set(name.toLowerCase(), name);
    else if (first !== name) others.add(`${name} for ${first}`);
  }
  const notes =
    others.size > 0
      ? [`Labels that differ in letters' case are one class: ${[...others].slice(0, 6).join(', ')}.`]
      : [];
  return { spelling, notes };
}

function outsideOf(chosen: ImporterOptions): ReadonlySet<string> {
  return new Set((chosen['outside-votes'] ?? '').split(',').map((name) => name.trim().toLowerCase()));
}

async function linesOf(tables: readonly ManifestTable[]): Promise<number> {
  let count = 0;
  for (const { file, shownAs } of tables) count += (await countLines(file)) - (isJson(shownAs) ? 0 : 1);
  return count;
}
