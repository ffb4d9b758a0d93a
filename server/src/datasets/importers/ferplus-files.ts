import { csvRows, openTable } from '../sources/csv-table.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { Split } from '../../split.js';
import { splitNamed } from '../sources/split-names.js';
import { ferplusColumns } from './ferplus-votes.js';

/** A line of an annotation file; `problem` says why it cannot be used, where it cannot. */
export interface FerplusRow {
  file: string;
  line: number;
  split: Split;
  key: string | null;
  /** Counts in the order of `ferplusColumns`. */
  votes: number[];
  problem: string | null;
}

export const votesFile = 'fer2013new.csv';

export const ferplusFolders = {
  [Split.TRAIN]: 'FER2013Train',
  [Split.VALIDATION]: 'FER2013Valid',
  [Split.TEST]: 'FER2013Test',
} as const;

/** Every line of fer2013new.csv, in order. @throws InvalidInputError when the file is missing or is no such table. */
export async function newCsvRows(source: SourceDirectory): Promise<FerplusRow[]> {
  const columns = ['Usage', 'Image name', ...ferplusColumns];
  const table = await openTable({ file: await source.file(votesFile), shownAs: votesFile }, columns);
  const places = columns.map((column) => table.place(column)!);
  const rows: FerplusRow[] = [];
  for await (const { values, line } of table.rows())
    rows.push(
      newCsvRow(
        places.map((place) => values[place] ?? ''),
        line,
      ),
    );
  return rows;
}

/** Every line of the label.csv of each folder: `name,"(0, 0, 48, 48)",` and ten counts; no header. */
export async function labelCsvRows(source: SourceDirectory, splits: readonly Split[]): Promise<FerplusRow[]> {
  const rows: FerplusRow[] = [];
  for (const split of splits) {
    const file = `${ferplusFolders[split]}/label.csv`;
    for await (const { values, line } of csvRows({ file: await source.file(file), shownAs: file })) {
      const [name, , ...counts] = values;
      rows.push(checked({ file, line, split, key: name!.trim() || null, votes: counts.map(voteCount), problem: null }));
    }
  }
  return rows;
}

/** Image name -> label of FER2013, from a CSV with columns `image` and `fer2013_label`. */
export async function fer2013Labels(file: string, shownAs: string): Promise<Map<string, string>> {
  const table = await openTable({ file, shownAs, argument: 'hard-labels' }, ['image', 'fer2013_label']);
  const [image, label] = [table.place('image')!, table.place('fer2013_label')!];
  const labels = new Map<string, string>();
  for await (const { values } of table.rows()) labels.set(values[image] ?? '', values[label] ?? '');
  return labels;
}

/** Of lines that name the same image and agree the first is used; where their votes differ none is. */
export function markRepeats(rows: readonly FerplusRow[]): void {
  const first = new Map<string, FerplusRow>();
  for (const row of rows) {
    if (row.problem) continue;
    const name = `${row.split}/${row.key}`;
    const earlier = first.get(name);
    if (!earlier) first.set(name, row);
    else if (String(earlier.votes) === String(row.votes)) row.problem = 'the image stands twice, with the same votes';
    else row.problem = earlier.problem = 'the image stands twice, with different votes';
  }
}

function newCsvRow([usage, name, ...counts]: string[], line: number): FerplusRow {
  const split = splitNamed(usage!);
  const row = {
    file: votesFile,
    line,
    split: split ?? Split.TRAIN,
    key: name!.trim() || null,
    votes: counts.map(voteCount),
    problem: null,
  };
  return split === null ? { ...row, problem: 'the usage is none of Training, PublicTest, PrivateTest' } : checked(row);
}

function checked(row: FerplusRow): FerplusRow {
  const wrong =
    row.votes.length !== ferplusColumns.length ||
    !row.votes.every((count) => Number.isInteger(count) && count >= 0 && count <= 1000);
  return { ...row, problem: row.key === null ? 'no image name' : wrong ? 'the votes are not ten counts' : null };
}

/** `Number('')` would be a count of 0. */
function voteCount(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
