import { readFile, stat } from 'node:fs/promises';
import { InvalidInputError } from '../../errors.js';
import { jsonDepth } from '../../json-depth.js';
import { type Field, fieldNames } from '../sources/column-names.js';
import { guessEncoding } from '../sources/text-encoding.js';
import { textLines } from '../sources/text-lines.js';
import { columnsOf, isJsonLines } from './manifest-columns.js';
import { emptyRow, type ManifestRow, type ManifestTable, plainLabel, shortTexts } from './manifest-row.js';

/** A JSON file is read whole: a larger one has to be lines. */
const largestJson = 256 * 1024 * 1024;
const deepestRecord = 16;

/**
 * Rows of JSON lines, or of a JSON file that holds a list of records (alone, or as the one list of an object), or an object from path to label or record. A
 * line is the record's number in such a file. @throws InvalidInputError for a file that is none of it.
 */
export async function* jsonRows(table: ManifestTable): AsyncGenerator<ManifestRow> {
  if (isJsonLines(table.shownAs)) {
    for await (const { text, line } of textLines(table.file)) yield recordRow(parsed(text), line, table);
    return;
  }
  const records = recordsIn(await wholeFile(table));
  if (typeof records === 'string') throw wrongFile(table, records);
  for (const [place, record] of records.entries()) yield recordRow(record, place + 1, table);
}

function wrongFile(table: ManifestTable, found: string): InvalidInputError {
  const expected = `${table.shownAs} with a list of records with path and label, or an object from path to label`;
  return new InvalidInputError(table.argument ?? 'directory', expected, found);
}

async function wholeFile(table: ManifestTable): Promise<unknown> {
  const { size } = await stat(table.file);
  if (size > largestJson) throw wrongFile(table, `${size} bytes: write it as JSON lines (.jsonl), one record a line`);
  const bytes = await readFile(table.file);
  const text = new TextDecoder(guessEncoding(bytes.subarray(0, 1 << 20))).decode(bytes);
  const value = parsed(text);
  if (value === null) throw wrongFile(table, text.trim() === '' ? 'an empty file' : 'a text that is no JSON');
  return value;
}

/** The records of a file, or what it holds instead. */
function recordsIn(value: unknown): unknown[] | string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : value;
  if (typeof value !== 'object' || value === null) return 'neither list nor object';
  const entries = Object.entries(value);
  if ('annotations' in value && 'categories' in value)
    return 'annotations of COCO: export them as YOLO, or as a CSV with the path of a picture and its label';
  const lists = entries.filter(([, one]) => Array.isArray(one) && one.length > 0 && one.every(isRecord));
  if (lists.length === 1) return lists[0][1] as unknown[];
  if (entries.length > 1 && entries.every(([, one]) => typeof one === 'string' || typeof one === 'number'))
    return entries.map(([path, label]) => ({ path, label }));
  if (entries.length > 1 && entries.every(([, one]) => isRecord(one)))
    return entries.map(([path, one]) => ({ path, ...(one as object) }));
  return `an object with ${entries
    .slice(0, 6)
    .map(([name]) => `"${name.slice(0, 30)}"`)
    .join(', ')}`;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `{"path": …, "label": …, "votes": {"anger": 3}, "distribution": {…}, "raters": ["anger", …] or {"anna": "anger"}}`
 */
function recordRow(value: unknown, line: number, table: ManifestTable): ManifestRow {
  const empty = emptyRow(table, line);
  if (!isRecord(value))
    return {
      ...empty,
      problem: isJsonLines(table.shownAs) ? 'the line is no JSON object' : 'the record is no JSON object',
    };
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
    attributes: shortTexts(others.map(([name, place]) => [name, scalar(record[keys[place]])])),
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
