import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { splitInName, splitOfFolder } from '../sources/split-names.js';
import type { Split } from '../../split.js';
import { type ColumnChoice, isJson, isJsonLines, isManifest, lackOf } from './manifest-columns.js';
import type { ManifestTable } from './manifest-row.js';
import { formOf, manifestRows } from './manifest-rows.js';

/** Tables lie beside the pictures, or in a folder of their own. */
const deepest = 2;
const mostLookedAt = 200;
const tableName = /\.(csv|tsv|tab|jsonl|ndjson)$/i;
/** Of these there are many that are no tables: only those at the top are looked at. */
const listName = /\.(txt|lst|json)$/i;
/** Of records of other programs, which may be large: not read to see what they are. */
const otherJson =
  /^(package(-lock)?|tsconfig|dataset_?infos?|config|.*_config|_?annotations?\.coco|(instances|person_keypoints|captions)_.*)\.json$/i;
const usualNames = ['manifest.csv', 'manifest.tsv', 'manifest.jsonl'];

/** Files that programs keep tables in and that are not read: what to do with them. */
const otherTables: Readonly<Record<string, string>> = {
  xlsx: 'an Excel workbook: save it as CSV (UTF-8)',
  xls: 'an Excel workbook: save it as CSV (UTF-8)',
  ods: 'a spreadsheet: save it as CSV (UTF-8)',
  parquet: 'a Parquet file: save it as CSV',
  pkl: 'a Python pickle, which may run anything: save it as CSV',
  mat: 'a MATLAB file: save it as CSV',
};

/** A file that may be a table of pictures, and what it lacks for it. */
export interface TableCandidate {
  table: ManifestTable;
  /** Null where it can be read. */
  lack: string | null;
}

async function tableFiles(source: SourceDirectory): Promise<string[]> {
  const found: string[] = [];
  for await (const { folder, files } of source.walk(deepest)) {
    const tables = files.filter(
      (name) => tableName.test(name) || (folder === '' && listName.test(name) && !otherJson.test(name)),
    );
    found.push(...tables.map((name) => (folder === '' ? name : `${folder}/${name}`)));
    if (found.length > mostLookedAt) break;
  }
  return found.slice(0, mostLookedAt);
}

async function tableOf(source: SourceDirectory, name: string, argument = 'table'): Promise<ManifestTable> {
  const folder = path.posix.dirname(name) === '.' ? '' : path.posix.dirname(name);
  const within =
    folder
      .split('/')
      .map(splitOfFolder)
      .find((split) => split !== null) ?? null;
  return {
    file: await source.file(name),
    shownAs: name,
    argument,
    folder,
    split: splitInName(path.posix.basename(name)) ?? within,
  };
}

/** Every file that looks like a table, those that can be read and those that lack something. */
export async function tableCandidates(source: SourceDirectory, choice: ColumnChoice): Promise<TableCandidate[]> {
  const candidates: TableCandidate[] = [];
  for (const name of await tableFiles(source)) {
    const table = await tableOf(source, name);
    const lack = await lackOfTable(table, choice);
    // A text without pictures in it is no list of pictures.
    if (lack === null || !listName.test(name)) candidates.push({ table, lack });
  }
  for (const shownAs of (await source.list()).files) {
    const ending = /\.([a-z]+)$/i.exec(shownAs)?.[1]?.toLowerCase() ?? '';
    const what = Object.hasOwn(otherTables, ending) ? otherTables[ending] : undefined;
    if (what !== undefined)
      candidates.push({ table: { file: '', shownAs, folder: '', split: null }, lack: `it is ${what}` });
  }
  return candidates;
}

async function lackOfTable(table: ManifestTable, choice: ColumnChoice): Promise<string | null> {
  try {
    if (isJson(table.shownAs)) {
      const first = await manifestRows(table, choice).next();
      if (first.done) return 'it is empty';
      const { problem, label, votes, distribution, ratings } = first.value;
      const hasLabel = label !== null || votes !== null || distribution !== null || ratings !== null;
      return problem ?? (isJsonLines(table.shownAs) || hasLabel ? null : 'its records have no label');
    }
    const { header, columns } = await formOf(table, choice);
    if (listName.test(table.shownAs) && !columns.headless && !isManifest(columns)) return 'it is no table';
    return lackOf(header, columns);
  } catch (error) {
    if (error instanceof InvalidInputError) return String(error.details['found']);
    throw error;
  }
}

/**
 * The tables of a data set: those named, else the one with a usual name, else all that can be read, where there is one
 * or each names its split.
 * @throws InvalidInputError (`table`) for none, and for several that do not say what they are.
 */
export async function chosenTables(
  source: SourceDirectory,
  given: string | undefined,
  choice: ColumnChoice,
): Promise<ManifestTable[]> {
  if (given !== undefined) return namedTables(source, given);
  const usual = await source.firstFile(usualNames);
  if (usual !== null) return [await tableOf(source, usual)];
  const candidates = await tableCandidates(source, choice);
  const readable = candidates.filter(({ lack }) => lack === null).map(({ table }) => table);
  if (readable.length === 0)
    throw new InvalidInputError(
      'table',
      'a .csv, .tsv or .jsonl with the path of a picture and one of label, votes:<class>, p:<class>, rater:<name>',
      lacks(candidates) ?? `none in ${source.shownAs}`,
    );
  const depth = (table: ManifestTable): number => (table.folder === '' ? 0 : table.folder.split('/').length);
  const least = Math.min(...readable.map(depth));
  const top = readable.filter((table) => depth(table) === least);
  if (top.length === 1) return top;
  const bySplit = new Map<Split | null, ManifestTable[]>();
  for (const table of top) bySplit.set(table.split, [...(bySplit.get(table.split) ?? []), table]);
  if (bySplit.has(null) || [...bySplit.values()].some((tables) => tables.length > 1)) {
    throw new InvalidInputError(
      'table',
      'one table, or one for each split, such as train.csv and test.csv; name those you mean, separated by commas (--table)',
      top.map(({ shownAs }) => shownAs),
    );
  }
  return top;
}

async function namedTables(source: SourceDirectory, given: string): Promise<ManifestTable[]> {
  const isOne = (await source.kindOf(given)) === 'file' || path.isAbsolute(given) || !given.includes(',');
  const tables: ManifestTable[] = [];
  for (const name of isOne
    ? [given]
    : given
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')) {
    if ((await source.kindOf(name)) === 'file') tables.push(await tableOf(source, name));
    else
      tables.push({
        file: await source.optionFile('table', name),
        shownAs: path.basename(name),
        argument: 'table',
        folder: '',
        split: splitInName(path.basename(name)),
      });
  }
  return tables;
}

/** What the tables that are there lack; null where there are none. */
export function lacks(candidates: readonly TableCandidate[]): string | null {
  const lacking = candidates.filter(({ lack }) => lack !== null).slice(0, 3);
  return lacking.length === 0 ? null : lacking.map(({ table, lack }) => `${table.shownAs}: ${lack}`).join('; ');
}
