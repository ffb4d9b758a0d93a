import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { InvalidInputError, messageOf } from '../../errors.js';
import { firstLine } from './text-lines.js';

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
  /** From 1, the header included. */
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
const delimiterNames: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };

/**
 * A CSV with a header. The delimiter is the first of `delimiters` that yields the columns. @throws InvalidInputError
 * when it has no header with all of `required`.
 */
export async function openTable(
  source: TableFile,
  required: readonly string[],
  { quoted = false, delimiters = ',' } = {},
): Promise<Table> {
  const { file, shownAs, argument = 'directory' } = source;
  const header = await firstLine(file, 65_536);
  if (header === null)
    throw new InvalidInputError(argument, `${shownAs} with the columns ${required.join(', ')}`, 'an empty file');
  const split = (delimiter: string): string[] =>
    header.split(delimiter).map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    );
  const has = (columns: readonly string[], name: string): number =>
    columns.findIndex((column) => column.toLowerCase() === name.toLowerCase());
  const delimiter = [...delimiters].find((one) => required.every((name) => has(split(one), name) >= 0));
  if (delimiter === undefined)
    throw new InvalidInputError(
      argument,
      `${shownAs} with the columns ${required.join(', ')}`,
      wrongHeader(header, delimiters, required),
    );
  const columns = split(delimiter);
  return {
    columns,
    delimiter,
    place: (name) => (has(columns, name) < 0 ? null : has(columns, name)),
    async *rows() {
      let isHeader = true;
      for await (const row of csvRows(source, { quoted, delimiter })) {
        if (!isHeader) yield row;
        isHeader = false;
      }
    },
  };
}

/** Records of a CSV without a header. @throws InvalidInputError when it cannot be parsed, with the line. */
export async function* csvRows(
  { file, shownAs, argument = 'directory' }: TableFile,
  { quoted = false, delimiter = ',' } = {},
): AsyncGenerator<TableRow> {
  const parser = parse({
    info: true,
    bom: true,
    quote: quoted ? '"' : false,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
  });
  const stream = createReadStream(file).on('error', (error) => parser.destroy(error));
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

function wrongHeader(header: string, delimiters: string, required: readonly string[]): string {
  const shown = header.replace(/[^\x20-\x7e\u00a1-\uffff]/g, '·').slice(0, 160);
  const other = Object.keys(delimiterNames).find(
    (one) => !delimiters.includes(one) && header.split(one).length >= required.length && required.length > 1,
  );
  return `the first line "${shown}"${other === undefined ? '' : ` (separated by ${delimiterNames[other]}, not by ${[...delimiters].map((one) => delimiterNames[one] ?? `"${one}"`).join(' or ')})`}`;
}
