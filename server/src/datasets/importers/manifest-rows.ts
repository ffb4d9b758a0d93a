import { InvalidInputError } from '../../errors.js';
import { jsonDepth } from '../../json-depth.js';
import { csvRows, firstRecord, type TableFile } from '../sources/csv-table.js';
import { textHead, textLines } from '../sources/text-lines.js';
import type { Split } from '../../split.js';
import {
  type ColumnChoice,
  type Columns,
  columnsOf,
  delimiters,
  type Field,
  fieldNames,
  givesLabels,
  isJsonLines,
  isManifest,
  lackOf,
} from './manifest-columns.js';

/** What one rater chose, as the source writes both. */
export interface RawRating {
  /** Null where the source does not say who it was. */
  rater: string | null;
  label: string;
}

/** A row of a manifest, whatever its form. `problem` says why it cannot be used. */
export interface ManifestRow {
  /** The table it stands in. */
  table: ManifestTable;
  line: number;
  path: string;
  key: string | null;
  label: string | null;
  cleanLabel: string | null;
  split: string | null;
  subject: string | null;
  /** Who chose `label`, where each row is a rating. */
  rater: string | null;
  /** Class -> count. */
  votes: Record<string, string> | null;
  /** Class -> share. */
  distribution: Record<string, string> | null;
  /** What each rater chose; raters who chose nothing are left out. */
  ratings: RawRating[] | null;
  /** What else stands in the row, by the name of its column; null where nothing does. */
  attributes: Record<string, string> | null;
  problem: string | null;
}

/** One of the tables of a data set. */
export interface ManifestTable extends TableFile {
  /** The folder it lies in, relative to the source; empty for the directory itself. */
  folder: string;
  /** What its name or folder says of all of its rows. */
  split: Split | null;
}

/** How a table is written. */
export interface TableForm {
  delimiter: string;
  header: string[];
  columns: Columns;
}

/**
 * The form that makes a manifest of a table, or else the one with most columns. @throws InvalidInputError for an empty
 * file.
 */
export async function formOf(table: TableFile, choice: ColumnChoice): Promise<TableForm> {
  const head = await textHead(table.file);
  if (head.trim() === '')
    throw new InvalidInputError(table.argument ?? 'directory', `${table.shownAs} with rows`, 'an empty file');
  if (head.startsWith('version https://git-lfs'))
    throw new InvalidInputError(
      table.argument ?? 'directory',
      `${table.shownAs} with rows`,
      'a Git LFS pointer, not the table: run git lfs pull',
    );
  if (/^\s*<(!doctype )?html/i.test(head))
    throw new InvalidInputError(
      table.argument ?? 'directory',
      `${table.shownAs} with rows`,
      'an HTML page, not the table: the download was refused',
    );
  const forms = [...delimiters].map((delimiter) => {
    const header = firstRecord(head, delimiter);
    return { delimiter, header, columns: columnsOf(header, choice) };
  });
  // Blanks separate lists without a header alone: names of columns may hold them.
  const possible = forms.filter(({ delimiter, columns }) => delimiter !== ' ' || columns.headless);
  const fitting = possible.filter(({ columns }) => isManifest(columns));
  const widest = (list: readonly TableForm[]): TableForm =>
    list.reduce((best, form) => (form.header.length > best.header.length ? form : best));
  return widest(fitting.length > 0 ? fitting : possible);
}

/** Rows of a table or JSON lines file. @throws InvalidInputError when it is neither, or has no path. */
export async function* manifestRows(table: ManifestTable, choice: ColumnChoice): AsyncGenerator<ManifestRow> {
  if (isJsonLines(table.shownAs)) {
    for await (const { text, line } of textLines(table.file)) yield jsonRow(text, line, table);
    return;
  }
  const { delimiter, header, columns } = await formOf(table, choice);
  const lack = lackOf(header, columns);
  if (lack !== null) {
    const argument =
      choice.path !== undefined && columns.fields.path === undefined
        ? 'path-column'
        : choice.label !== undefined && !givesLabels(columns)
          ? 'label-column'
          : (table.argument ?? 'directory');
    throw new InvalidInputError(
      argument,
      `${table.shownAs} with the path of a picture and one of label, votes:<class>, p:<class>, rater:<name>`,
      lack,
    );
  }
  let isHeader = !columns.headless;
  for await (const { values, line } of csvRows(table, { delimiter })) {
    if (!isHeader) yield csvRow(values, line, { columns, width: header.length, table });
    isHeader = false;
  }
}

function csvRow(
  values: readonly string[],
  line: number,
  { columns, width, table }: { columns: Columns; width: number; table: ManifestTable },
): ManifestRow {
  const { fields, votes, distribution, raters, others } = columns;
  const cell = (place: number | undefined): string | null =>
    place === undefined ? null : values[place]?.trim() || null;
  const named = (places: readonly [string, number][]): Record<string, string> | null => {
    const filled = places.filter(([, place]) => cell(place) !== null);
    return filled.length === 0 ? null : Object.fromEntries(places.map(([name, place]) => [name, cell(place) ?? '0']));
  };
  const texts = Object.fromEntries(fieldNames.map((field) => [field, cell(fields[field])])) as Record<
    Field,
    string | null
  >;
  const ratings = raters.flatMap(([rater, place]) =>
    ((label) => (label === null ? [] : [{ rater, label: plainLabel(label)! }]))(cell(place)),
  );
  // Programs add separators of empty cells at a row's end.
  const isWhole = values.length >= width && values.slice(width).every((value) => value.trim() === '');
  const problem = !isWhole
    ? `expected ${width} fields, found ${values.length}`
    : texts.path === null
      ? 'no path'
      : null;
  return {
    ...texts,
    table,
    label: plainLabel(texts.label),
    cleanLabel: plainLabel(texts.cleanLabel),
    path: texts.path ?? '',
    line,
    votes: named(votes),
    distribution: named(distribution),
    ratings: raters.length === 0 ? null : ratings,
    attributes: shortTexts(others.map(([name, place]) => [name, cell(place)])),
    problem,
  };
}

/** Longer ones tell one sample from all others, not one kind from another. */
const longestAttribute = 60;

function shortTexts(cells: readonly (readonly [string, string | null])[]): Record<string, string> | null {
  const short = cells.filter(([, text]) => text !== null && text.length <= longestAttribute);
  return short.length > 0 ? (Object.fromEntries(short) as Record<string, string>) : null;
}

/** Codes that a program wrote as decimals (`3.0`) are integers. */
function plainLabel(label: string | null): string | null {
  return label === null ? null : label.replace(/^(-?\d+)\.0+$/, '$1');
}

/**
 * `{"path": …, "label": …, "votes": {"anger": 3}, "distribution": {…}, "raters": ["anger", …] or {"anna": "anger"}}`
 */
function jsonRow(text: string, line: number, table: ManifestTable): ManifestRow {
  const empty: ManifestRow = {
    table,
    line,
    path: '',
    key: null,
    label: null,
    cleanLabel: null,
    split: null,
    subject: null,
    rater: null,
    votes: null,
    distribution: null,
    ratings: null,
    attributes: null,
    problem: null,
  };
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ...empty, problem: 'the line is no JSON object' };
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  const { fields, others } = columnsOf(keys.map((key) => (typeof record[key] === 'object' ? '' : key)));
  const texts = Object.fromEntries(
    fieldNames.map((field) => [field, scalar(fields[field] === undefined ? undefined : record[keys[fields[field]]])]),
  ) as Record<Field, string | null>;
  const [votes, distribution] = [counts(record['votes']), counts(record['distribution'] ?? record['probabilities'])];
  const ratings =
    record['raters'] === undefined
      ? null
      : Object.entries((record['raters'] ?? {}) as object).flatMap(([rater, one]) =>
          ((label) => (label === null ? [] : [{ rater, label }]))(plainLabel(scalar(one))),
        );
  const problem =
    texts.path === null
      ? 'no path'
      : votes === undefined || distribution === undefined
        ? 'votes and distribution have to be objects from class to number'
        : null;
  return {
    ...empty,
    ...texts,
    label: plainLabel(texts.label),
    path: texts.path ?? '',
    votes: votes ?? null,
    distribution: distribution ?? null,
    ratings,
    attributes: shortTexts(others.map(([name, place]) => [name, scalar(record[keys[place]!])])),
    problem,
  };
}

const deepestRecord = 16;

/** Null for what is no JSON, or nested deeper than any record: whatever walks through it would run out of stack. */
function parsed(text: string): unknown {
  try {
    return jsonDepth(text) > deepestRecord ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function scalar(value: unknown): string | null {
  return typeof value === 'string'
    ? value.trim() || null
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : null;
}

/** Undefined for what is no object of numbers. */
function counts(value: unknown): Record<string, string> | null | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, count]) => [name, String(count)]));
}
