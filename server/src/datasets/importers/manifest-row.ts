import type { CropBox } from '../images/made-images.js';
import { type Field, fieldNames } from '../sources/column-names.js';
import type { TableFile } from '../sources/csv-table.js';
import type { Split } from '../../split.js';

/** What one rater chose, as the source writes both. */
interface RawRating {
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
  /** Where in the picture the row's face is. */
  box: CropBox | null;
  problem: string | null;
}

/** A row of which nothing is known yet. */
export function emptyRow(table: ManifestTable, line: number): ManifestRow {
  const texts = Object.fromEntries(fieldNames.map((field) => [field, null])) as Record<Field, null>;
  const nothing = { votes: null, distribution: null, ratings: null, attributes: null, box: null, problem: null };
  return { ...texts, ...nothing, table, line, path: '' };
}

/** One of the tables of a data set. */
export interface ManifestTable extends TableFile {
  /** The folder it lies in, relative to the source; empty for the directory itself. */
  folder: string;
  /** What its name or folder says of all of its rows. */
  split: Split | null;
}

/** Codes that a program wrote as decimals (`3.0`) are integers. */
export function plainLabel(label: string | null): string | null {
  return label === null ? null : label.replace(/^(-?\d+)\.0+$/, '$1');
}

/** Longer ones tell one sample from all others, not one kind from another. */
const longestAttribute = 60;

/** What stands in columns that have no meaning here; null where nothing does. */
export function shortTexts(cells: readonly (readonly [string, string | null])[]): Record<string, string> | null {
  const short = cells.filter(([, text]) => text !== null && text.length <= longestAttribute);
  return short.length > 0 ? (Object.fromEntries(short) as Record<string, string>) : null;
}
