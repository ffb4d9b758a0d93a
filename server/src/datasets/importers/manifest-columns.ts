import { type Field, fieldNames, placeOf } from '../sources/column-names.js';
import { tableDelimiters } from '../sources/csv-table.js';
import { type BoxColumns, boxColumns } from './manifest-boxes.js';

const votesColumn = /^votes?[ :._-]+([^ :._-].*)$/i;
const distributionColumn = /^(?:p|prob|probability|dist|distribution)[ :._-]+([^ :._-].*)$/i;
const raterWords =
  'rater|annotator|participant|coder|worker|labell?er|observer|judge|turker|respondent|voter|expert|ann';
const raterColumn = new RegExp(`^(?:${raterWords})s?(?:[ :._-]*\\d+|[ :._-]+[^ :._-].*)$`, 'i');
/** `R1`, `A2`: of raters where several stand beside each other and nothing else is a label. */
const shortRater = /^[rapjv][ _.-]?\d+$/i;

/** What a person may say of a table's columns: names, or numbers from 1. */
export interface ColumnChoice {
  path?: string | undefined;
  label?: string | undefined;
  split?: string | undefined;
}

/** Columns without a meaning that are kept beside each sample. */
const mostOthers = 20;

export interface Columns {
  fields: Partial<Record<Field, number>>;
  votes: [name: string, place: number][];
  distribution: [name: string, place: number][];
  raters: [name: string, place: number][];
  /** A column for each class, of which one says 1. */
  oneHot: [name: string, place: number][];
  /** Where in the picture the row's face is. */
  box: BoxColumns | null;
  /** Columns with a name and no meaning here. */
  others: [name: string, place: number][];
  /** The first line is a row: the columns have no names. */
  headless: boolean;
}

/** What the columns of a header mean; of a first line that is a row, by what stands in it. */
export function columnsOf(header: readonly string[], choice: ColumnChoice = {}): Columns {
  const headless = header.some(looksLikePicture);
  const fields: Partial<Record<Field, number>> = {};
  const chosen = { path: choice.path, label: choice.label, split: choice.split } as Partial<
    Record<Field, string | undefined>
  >;
  for (const field of fieldNames) {
    const place =
      chosen[field] === undefined ? (headless ? -1 : placeOf(header, field)) : chosenPlace(header, chosen[field]);
    if (place >= 0) fields[field] = place;
  }
  const none = { votes: [], distribution: [], raters: [], oneHot: [], box: null, others: [] };
  if (headless) return { fields: { ...headlessFields(header), ...fields }, ...none, headless };
  // Tables of competitions call pictures by an id, which is their name without its ending.
  if (fields.path === undefined && fields.key !== undefined) {
    fields.path = fields.key;
    delete fields.key;
  }
  const taken = new Set(Object.entries(fields).flatMap(([field, place]) => (field === 'rater' ? [] : [place])));
  const matching = (pattern: RegExp, whole = false): [string, number][] =>
    header.flatMap((column, place): [string, number][] => {
      const match = taken.has(place) ? null : pattern.exec(column);
      return match ? [[whole ? column : match[1], place]] : [];
    });
  const raters = matching(raterColumn, true).filter(([, place]) => place !== fields.rater);
  const short = fields.label === undefined && raters.length === 0 ? matching(shortRater, true) : [];
  const rating = short.length > 1 ? short : raters;
  const [votes, distribution] = [matching(votesColumn), matching(distributionColumn)];
  const box = boxColumns(header, taken);
  const placesOfBox = box === null ? [] : Object.values(box).filter((one): one is number => typeof one === 'number');
  const meant = new Set([
    ...taken,
    ...placesOfBox,
    ...[...votes, ...distribution, ...rating].map(([, place]) => place),
  ]);
  const others = header.flatMap((column, place): [string, number][] =>
    column.trim() === '' || meant.has(place) || place === fields.rater ? [] : [[column.trim(), place]],
  );
  return {
    fields,
    votes,
    distribution,
    raters: rating,
    oneHot: [],
    box,
    others: others.slice(0, mostOthers),
    headless,
  };
}

/** A name in any case, or a number from 1; below 0 for none. */
function chosenPlace(header: readonly string[], chosen: string): number {
  const place = header.findIndex((column) => column.toLowerCase() === chosen.trim().toLowerCase());
  if (place >= 0 || !/^\d+$/.test(chosen.trim())) return place;
  return Number(chosen) >= 1 && Number(chosen) <= header.length ? Number(chosen) - 1 : -1;
}

function looksLikePicture(cell: string): boolean {
  return /[^\s.]\.(jpe?g|png|webp|tiff?|bmp)$/i.test(cell.trim());
}

/** Without names: the column of pictures, and, of two, the other one. */
function headlessFields(cells: readonly string[]): Partial<Record<Field, number>> {
  const path = cells.findIndex(looksLikePicture);
  return cells.length === 2 ? { path, label: 1 - path } : { path };
}

/** Whether the columns make a manifest: a path, and something that gives a label. */
export function isManifest(columns: Columns): boolean {
  return columns.fields.path !== undefined && givesLabels(columns);
}

export function givesLabels({ fields, votes, distribution, raters, oneHot }: Columns): boolean {
  return fields.label !== undefined || votes.length + distribution.length + raters.length + oneHot.length > 0;
}

/** What a header lacks of a manifest, in words; null where nothing. */
export function lackOf(header: readonly string[], columns: Columns): string | null {
  const shown = header
    .slice(0, 12)
    .map((name) => `"${name.slice(0, 30)}"`)
    .join(', ');
  if (columns.headless && columns.fields.label === undefined)
    return `it has no header, and ${header.length} columns (${shown}): say which one is the label, --label-column 2`;
  const missing = [
    ...(columns.fields.path === undefined ? ['the path of a picture (--path-column NAME)'] : []),
    ...(givesLabels(columns) ? [] : ['a label (--label-column NAME)']),
  ];
  if (missing.length === 0) return null;
  // Several columns beside the path may be what raters chose.
  const raters =
    columns.fields.path !== undefined && header.length > 2
      ? '; columns of what one rater chose are called rater_1, rater:anna or participant0, of votes votes:anger'
      : '';
  return `no column is known for ${missing.join(' and ')} among ${shown}${raters}`;
}

export const delimiters = `${tableDelimiters} `;
export const isJsonLines = (name: string): boolean => /\.(jsonl|ndjson)$/i.test(name);
export const isJson = (name: string): boolean => isJsonLines(name) || /\.json$/i.test(name);
