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
  const headers = [...delimiters].map((delimiter) => ({ delimiter, columns: firstRecord(head, delimiter) }));
  const fitting = headers.filter(({ columns }) => required.every((name) => has(columns, name) >= 0));
  if (fitting.length === 0)
    throw new InvalidInputError(argument, `${shownAs} with the columns ${required.join(', ')}`, wrongHeader(head));
  const { delimiter, columns } = fitting.reduce((best, one) => (one.columns.length > best.columns.length ? one : best));
  return {
    columns,
    delimiter,
    place: (name) => (has(columns, name) < 0 ? null : has(columns, name)),
    async *rows() {
      let isHeader = true;
      for await (const row of csvRows(source, { delimiter })) {
        if (!isHeader) yield row;
        isHeader = false;
      }
    },
  };
}

/** The cells of the first line that is not empty, which may span several lines in quotes. */
export function firstRecord(head: string, delimiter: string): string[] {
  try {
    const [record = []] = parseNow(head, { ...common, delimiter, to: 1, trim: true }) as string[][];
    return record.map((name) => name.trim());
  } catch {
    const line = head.split(/\r\n|\n|\r/).find((one) => one.trim() !== '') ?? '';
    return line.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  }
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
