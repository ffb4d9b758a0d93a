import { InvalidInputError } from '../../errors.js';
import { type Field, fieldNames } from '../sources/column-names.js';
import { csvRows, firstRecords, headerPlace, mostBefore, type TableFile } from '../sources/csv-table.js';
import { textHead } from '../sources/text-lines.js';
import { boxOf } from './manifest-boxes.js';
import {
  type ColumnChoice,
  type Columns,
  columnsOf,
  delimiters,
  givesLabels,
  isJson,
  isManifest,
  lackOf,
} from './manifest-columns.js';
import { jsonRows } from './manifest-json.js';
import { type ManifestRow, type ManifestTable, plainLabel, shortTexts } from './manifest-row.js';
import { hotClass, withShares } from './manifest-shares.js';

/** How a table is written. */
export interface TableForm {
  delimiter: string;
  header: string[];
  columns: Columns;
  /** Records before the header, or, without one, before the first row. */
  skip: number;
}

/** Rows that are looked at for what columns of numbers mean. */
const rowsTried = 200;

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
  const forms = [...delimiters].map((delimiter) => formWith(head, delimiter, choice));
  // Blanks separate lists without a header alone: names of columns may hold them.
  const possible = forms.filter(({ delimiter, columns }) => delimiter !== ' ' || columns.headless);
  const fitting = possible.filter(({ columns }) => isManifest(columns));
  const widest = (list: readonly TableForm[]): TableForm =>
    list.reduce((best, form) => (form.header.length > best.header.length ? form : best));
  return widest(fitting.length > 0 ? fitting : possible);
}

/** A table read with a delimiter: its header is the first line, unless that is a title and a later one makes a manifest. */
function formWith(head: string, delimiter: string, choice: ColumnChoice): TableForm {
  const records = firstRecords(head, delimiter, rowsTried);
  const shared = (place: number): Columns =>
    withShares(records[place], records.slice(place + 1), columnsOf(records[place], choice));
  const skip =
    headerPlace(records.slice(0, mostBefore + 1), (record) => {
      const columns = shared(records.indexOf(record));
      // A row below a title is none of its columns.
      return isManifest(columns) && (!columns.headless || isComment(records, records.indexOf(record)));
    }) ?? 0;
  return { delimiter, header: records[skip], columns: shared(skip), skip };
}

function isComment(records: readonly string[][], before: number): boolean {
  return records.slice(0, before).every(([first]) => /^(#|sep=)/i.test(first!));
}

/** Rows of a table or JSON file. @throws InvalidInputError when it is neither, or has no path. */
export async function* manifestRows(table: ManifestTable, choice: ColumnChoice): AsyncGenerator<ManifestRow> {
  if (isJson(table.shownAs)) {
    yield* jsonRows(table);
    return;
  }
  const { delimiter, header, columns, skip } = await formOf(table, choice);
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
  let left = skip + (columns.headless ? 0 : 1);
  for await (const { values, line } of csvRows(table, { delimiter })) {
    if (left > 0) left--;
    else yield csvRow(values, line, { columns, width: header.length, table });
  }
}

/** What programs write where nothing is known. */
const missing = /^(n\/?a|#n\/a|nan|null|nil|-|\?|\.)$/i;

function csvRow(
  values: readonly string[],
  line: number,
  { columns, width, table }: { columns: Columns; width: number; table: ManifestTable },
): ManifestRow {
  const { fields, votes, distribution, raters, oneHot, box, others } = columns;
  const written = (place: number | undefined): string | null =>
    place === undefined ? null : values[place]?.trim() || null;
  const cell = (place: number | undefined): string | null => {
    const text = written(place);
    return text === null || missing.test(text) ? null : text;
  };
  const named = (places: readonly [string, number][]): Record<string, string> | null => {
    const filled = places.filter(([, place]) => written(place) !== null);
    return filled.length === 0
      ? null
      : Object.fromEntries(places.map(([name, place]) => [name, written(place) ?? '0']));
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
    label: plainLabel(texts.label) ?? hotClass(values, oneHot),
    cleanLabel: plainLabel(texts.cleanLabel),
    path: texts.path ?? '',
    line,
    box: boxOf(values, box),
    votes: named(votes),
    distribution: named(distribution),
    ratings: raters.length === 0 ? null : ratings,
    attributes: shortTexts(others.map(([name, place]) => [name, cell(place)])),
    problem,
  };
}
