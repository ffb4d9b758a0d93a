import { InvalidInputError } from '../../errors.js';
import { jsonDepth } from '../../json-depth.js';
import { openTable, type TableFile } from '../sources/csv-table.js';
import { textLines } from '../sources/text-lines.js';

/** A row of a manifest, whatever its form. `problem` says why it cannot be used. */
export interface ManifestRow {
  line: number;
  path: string;
  key: string | null;
  label: string | null;
  cleanLabel: string | null;
  split: string | null;
  subject: string | null;
  /** Class -> count. */
  votes: Record<string, string> | null;
  /** Class -> share. */
  distribution: Record<string, string> | null;
  /** What each rater chose; raters who chose nothing are left out. */
  raters: string[] | null;
  problem: string | null;
}

type Field = 'path' | 'key' | 'label' | 'cleanLabel' | 'split' | 'subject';

/** Names of columns, in any case. */
const names: Readonly<Record<Field, readonly string[]>> = {
  path: ['path', 'image', 'image_path', 'img_path', 'file', 'filename', 'file_name'],
  key: ['key', 'id'],
  label: ['label', 'class', 'emotion', 'expression', 'given_label'],
  cleanLabel: ['clean_label', 'clean', 'true_label'],
  split: ['split', 'phase', 'usage', 'set', 'subset'],
  subject: ['subject', 'subject_id', 'person', 'identity'],
};
const fieldNames = Object.keys(names) as Field[];
const votesColumn = /^votes?[ :._-]+(.+)$/i;
const distributionColumn = /^(?:p|prob|probability|dist|distribution)[ :._-]+(.+)$/i;
const raterColumn = /^(?:rater|annotator)s?[ :._-]*(.+)$/i;

interface Columns {
  fields: Partial<Record<Field, number>>;
  votes: [name: string, place: number][];
  distribution: [name: string, place: number][];
  raters: number[];
}

export const delimiters = ',\t;';
export const isJsonLines = (name: string): boolean => /\.(jsonl|ndjson)$/i.test(name);

/** Whether the columns make a manifest: a path, and something that gives a label. */
export function isManifestHeader(columns: readonly string[]): boolean {
  const { fields, votes, distribution, raters } = columnsOf(columns);
  return (
    fields.path !== undefined && (fields.label !== undefined || votes.length + distribution.length + raters.length > 0)
  );
}

/**
 * Rows of a CSV (comma, tab or semicolon) or JSON lines file. @throws InvalidInputError when it is neither, or has no
 * path.
 */
export async function* manifestRows(source: TableFile): AsyncGenerator<ManifestRow> {
  if (isJsonLines(source.shownAs)) {
    for await (const { text, line } of textLines(source.file)) yield jsonRow(text, line);
    return;
  }
  const table = await openTable(source, [], { quoted: true, delimiters: await delimiterOf(source) });
  if (!isManifestHeader(table.columns)) {
    throw new InvalidInputError(
      source.argument ?? 'directory',
      `${source.shownAs} with a column path and one of label, votes:<class>, p:<class>, rater:<name>`,
      table.columns.slice(0, 20),
    );
  }
  const columns = columnsOf(table.columns);
  for await (const { values, line } of table.rows()) yield csvRow(values, line, columns, table.columns.length);
}

/** The delimiter that gives a header with a path. */
async function delimiterOf(source: TableFile): Promise<string> {
  for (const delimiter of delimiters)
    if (isManifestHeader((await openTable(source, [], { delimiters: delimiter })).columns)) return delimiter;
  return ',';
}

function columnsOf(columns: readonly string[]): Columns {
  const fields: Partial<Record<Field, number>> = {};
  for (const field of fieldNames) {
    const place = columns.findIndex((column) => names[field].includes(column.toLowerCase()));
    if (place >= 0) fields[field] = place;
  }
  const matching = (pattern: RegExp): [string, number][] =>
    columns.flatMap((column, place): [string, number][] =>
      Object.values(fields).includes(place)
        ? []
        : ((match) => (match ? [[match[1]!, place]] : []))(pattern.exec(column)),
    );
  return {
    fields,
    votes: matching(votesColumn),
    distribution: matching(distributionColumn),
    raters: matching(raterColumn).map(([, place]) => place),
  };
}

function csvRow(
  values: readonly string[],
  line: number,
  { fields, votes, distribution, raters }: Columns,
  width: number,
): ManifestRow {
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
  const problem =
    values.length === width
      ? texts.path === null
        ? 'no path'
        : null
      : `expected ${width} fields, found ${values.length}`;
  return {
    ...texts,
    path: texts.path ?? '',
    line,
    votes: named(votes),
    distribution: named(distribution),
    raters: raters.length === 0 ? null : raters.flatMap((place) => cell(place) ?? []),
    problem,
  };
}

/** `{"path": …, "label": …, "votes": {"anger": 3}, "distribution": {…}, "raters": ["anger", …]}` */
function jsonRow(text: string, line: number): ManifestRow {
  const empty: ManifestRow = {
    line,
    path: '',
    key: null,
    label: null,
    cleanLabel: null,
    split: null,
    subject: null,
    votes: null,
    distribution: null,
    raters: null,
    problem: null,
  };
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ...empty, problem: 'the line is no JSON object' };
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  const texts = Object.fromEntries(
    fieldNames.map((field) => [
      field,
      scalar(record[keys.find((key) => names[field].includes(key.toLowerCase())) ?? '']),
    ]),
  ) as Record<Field, string | null>;
  const [votes, distribution] = [counts(record['votes']), counts(record['distribution'] ?? record['probabilities'])];
  const raters =
    record['raters'] === undefined
      ? null
      : Object.values((record['raters'] ?? {}) as object).flatMap((one) => scalar(one) ?? []);
  const problem =
    texts.path === null
      ? 'no path'
      : votes === undefined || distribution === undefined
        ? 'votes and distribution have to be objects from class to number'
        : null;
  return {
    ...empty,
    ...texts,
    path: texts.path ?? '',
    votes: votes ?? null,
    distribution: distribution ?? null,
    raters,
    problem,
  };
}

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

const deepestRecord = 16;
