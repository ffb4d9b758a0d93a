import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse';
import { InvalidInputError, messageOf } from '../../errors.js';
import { ferplusColumns } from './ferplus-votes.js';

/** A line of an annotation file; `problem` says why it cannot be used, where it cannot. */
export interface FerplusRow {
  file: string;
  line: number;
  folder: string;
  key: string | null;
  /** Counts in the order of `ferplusColumns`. */
  votes: number[];
  problem: string | null;
}

const folderOfUsage: Readonly<Record<string, string>> = { Training: 'FER2013Train', PublicTest: 'FER2013Valid', PrivateTest: 'FER2013Test' };

/** Every line of fer2013new.csv, or of the label.csv of each folder. @throws InvalidInputError when a file is missing or is no such table. */
export async function ferplusRows(root: string, folders: readonly string[], annotations: 'fer2013new' | 'label'): Promise<FerplusRow[]> {
  const rows: FerplusRow[] = [];
  if (annotations === 'fer2013new') {
    for await (const { record, line } of table(root, 'fer2013new.csv', ['Usage', 'Image name', ...ferplusColumns])) rows.push(newCsvRow(record, line));
  } else {
    for (const folder of folders) for await (const { record, line } of table(root, `${folder}/label.csv`, null)) rows.push(labelCsvRow(folder, record, line));
  }
  markRepeats(rows);
  return rows;
}

/** Image name -> label of FER2013, from a CSV with columns `image` and `fer2013_label`. */
export async function fer2013Labels(file: string): Promise<Map<string, string>> {
  const labels = new Map<string, string>();
  for await (const { record } of table(path.dirname(file), path.basename(file), ['image', 'fer2013_label'], 'hard-labels')) labels.set(record[0]!, record[1]!);
  return labels;
}

function newCsvRow([usage, name, ...counts]: string[], line: number): FerplusRow {
  const folder = folderOfUsage[usage!.trim()];
  const key = name!.trim() || null;
  const votes = counts.map(Number);
  const problem = key === null ? 'no image name' : folder === undefined ? 'the usage is none of Training, PublicTest, PrivateTest' : voteProblem(votes);
  return { file: 'fer2013new.csv', line, folder: folder ?? '', key, votes, problem };
}

/** `name,"(0, 0, 48, 48)",` and ten counts; no header. */
function labelCsvRow(folder: string, [name, , ...counts]: string[], line: number): FerplusRow {
  const key = name!.trim() || null;
  const votes = counts.map(Number);
  return { file: `${folder}/label.csv`, line, folder, key, votes, problem: key === null ? 'no image name' : voteProblem(votes) };
}

function voteProblem(votes: readonly number[]): string | null {
  const wrong = votes.length !== ferplusColumns.length || !votes.every((count) => Number.isInteger(count) && count >= 0 && count <= 1000);
  return wrong ? 'the votes are not ten counts' : null;
}

/** Of lines that name the same image and agree the first is used; where their votes differ none is. */
function markRepeats(rows: readonly FerplusRow[]): void {
  const first = new Map<string, FerplusRow>();
  for (const row of rows) {
    if (row.problem) continue;
    const name = `${row.folder}/${row.key}`;
    const earlier = first.get(name);
    if (!earlier) first.set(name, row);
    else if (String(earlier.votes) === String(row.votes)) row.problem = 'the image stands twice, with the same votes';
    else row.problem = earlier.problem = 'the image stands twice, with different votes';
  }
}

/** Records of a CSV with their 1-based lines; with `columns` it has a header, and only those columns come, in that order. */
async function* table(root: string, file: string, columns: readonly string[] | null, argument = 'directory'): AsyncGenerator<{ record: string[]; line: number }> {
  const absolute = path.join(root, file);
  if (!(await stat(absolute).catch(() => null))?.isFile()) throw new InvalidInputError(argument, `the file ${file}`, `no such file in ${root}`);
  const parser = parse({ info: true, bom: true, relax_column_count: true, skip_empty_lines: true });
  createReadStream(absolute).on('error', (error) => parser.destroy(error)).pipe(parser);
  let places: number[] | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (columns && !places) places = placesOf(columns, record, file, argument);
      else yield { record: places ? places.map((place) => record[place] ?? '') : record, line: info.lines };
    }
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError(argument, `a CSV in ${file}`, messageOf(error));
  }
}

function placesOf(columns: readonly string[], header: readonly string[], file: string, argument: string): number[] {
  const names = header.map((name) => name.trim());
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) throw new InvalidInputError(argument, `${file} with the columns ${columns.join(', ')}`, `no ${missing.join(', ')}`);
  return columns.map((column) => names.indexOf(column));
}
