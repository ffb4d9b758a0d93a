import { parse } from 'csv-parse';
import { parse as parseNow } from 'csv-parse/sync';
import { InvalidInputError, messageOf } from '../../errors.js';
import { utf8Stream } from './text-encoding.js';
import { textHead } from './text-lines.js';

export interface TableFile {
  /** The path to open. */
  file: string;
  /** What messages call it. */
  shownAs: string;
  /** The argument that a wrong file is blamed on. */
  argument?: string;
}

export interface TableRow {
  values: string[];
  /** From 1, the header included: the line on which the row ends. */
  line: number;
}

export interface Table {
  /** Names of the columns, without blanks at the ends. */
  columns: string[];
  delimiter: string;
  /** Place of a column, by its name in any case; null where there is none. */
  place(column: string): number | null;
  rows(): AsyncGenerator<TableRow>;
}

/** A record that spreads further has lost its closing quote. */
const longestRecord = 1024 * 1024;
/** Every separator a table may have. */
export const tableDelimiters = ',;\t|';
const common = { bom: true, quote: '"', relax_column_count: true, relax_quotes: true, skip_empty_lines: true } as const;

/**
 * A CSV with a header, in quotes or not. The delimiter is the first of `delimiters` that yields the columns.
 * @throws InvalidInputError when it has no header with all of `required`.
 */
export async function openTable(
  source: TableFile,
  required: readonly string[],
  { delimiters = tableDelimiters } = {},
): Promise<Table> {
  const { file, shownAs, argument = 'directory' } = source;
  const head = await textHead(file);
  if (head.trim() === '')
    throw new InvalidInputError(argument, `${shownAs} with the columns ${required.join(', ')}`, 'an empty file');
  const has = (columns: readonly string[], name: string): number =>
    columns.findIndex((column) => column.toLowerCase() === name.toLowerCase());
  const fitting = [...delimiters].flatMap((delimiter) => {
    const records = firstRecords(head, delimiter, mostBefore + 1);
    const skip = headerPlace(records, (columns) => required.every((name) => has(columns, name) >= 0));
    return skip === null ? [] : [{ delimiter, columns: records[skip], skip }];
  });
  if (fitting.length === 0)
    throw new InvalidInputError(argument, `${shownAs} with the columns ${required.join(', ')}`, wrongHeader(head));
  const { delimiter, columns, skip } = fitting.reduce((best, one) =>
    one.columns.length > best.columns.length ? one : best,
  );
  return {
    columns,
    delimiter,
    place: (name) => (has(columns, name) < 0 ? null : has(columns, name)),
    async *rows() {
      let left = skip + 1;
      for await (const row of csvRows(source, { delimiter })) {
        if (left > 0) left--;
        else yield row;
      }
    },
  };
}

/** Records that may stand before a header: a title, what a comment says, Excel's `sep=;`. */
export const mostBefore = 10;

/** The cells of the first records, which may span several lines in quotes; at least one. */
export function firstRecords(head: string, delimiter: string, most: number): string[][] {
  try {
    const records = parseNow(head, { ...common, delimiter, to: most, trim: true }) as string[][];
    if (records.length > 0) return records.map((record) => record.map((name) => name.trim()));
  } catch {
    // A head that breaks off within quotes: the first of its lines says enough.
    if (most > 1) return firstRecords(head, delimiter, 1);
  }
  const line = head.split(/\r\n|\n|\r/).find((one) => one.trim() !== '') ?? '';
  return [line.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))];
}

/** The cells of the first line that is not empty. */
export function firstRecord(head: string, delimiter: string): string[] {
  return firstRecords(head, delimiter, 1)[0];
}

/**
 * Which of the records is the header: the first that fits, where what stands before is a comment or has fewer cells.
 * Null where none does.
 */
export function headerPlace(records: readonly string[][], fits: (record: string[]) => boolean): number | null {
  const place = records.findIndex(fits);
  if (place < 0) return null;
  const filled = (record: readonly string[]): number => record.filter((cell) => cell !== '').length;
  const isBefore = (record: readonly string[]): boolean =>
    record[0].startsWith('#') || filled(record) < filled(records[place]);
  return records.slice(0, place).every(isBefore) ? place : null;
}

/** Records of a CSV, its header among them. @throws InvalidInputError when it cannot be parsed, with the line. */
export async function* csvRows(
  { file, shownAs, argument = 'directory' }: TableFile,
  { delimiter = ',' } = {},
): AsyncGenerator<TableRow> {
  const parser = parse({ ...common, info: true, delimiter, ltrim: delimiter !== '\t', max_record_size: longestRecord });
  const stream = (await utf8Stream(file)).on('error', (error) => parser.destroy(error));
  stream.pipe(parser);
  let line = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      line = info.lines;
      yield { values: record, line };
    }
  } catch (error) {
    if (!(error instanceof Error) || !(error as { code?: string }).code?.startsWith('CSV_')) throw error;
    throw new InvalidInputError(argument, `a CSV in ${shownAs}`, `after line ${line}: ${messageOf(error)}`);
  } finally {
    stream.destroy();
  }
}

function wrongHeader(head: string): string {
  const line = head.split(/\r\n|\n|\r/).find((one) => one.trim() !== '') ?? '';
  return `the first line "${line.replace(/[^\x20-\x7e\u00a1-\uffff]/g, '·').slice(0, 160)}"`;
}
