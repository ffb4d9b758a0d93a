import { InvalidInputError } from '../../errors.js';
import { Split } from '../../split.js';
import { openTable, type Table, type TableFile } from './csv-table.js';
import { splitNamed } from './split-names.js';

/** `grey` is `[height * width]`, row by row. */
interface GreyPixels {
  width: number;
  height: number;
  grey: Uint8Array;
}

/** A row of fer2013.csv; `problem` says why it cannot be used, where it cannot. */
export interface PixelRow {
  /** From 1, the header included. */
  line: number;
  /** From 0, without the header. */
  row: number;
  emotion: string;
  /** Null where the table has no such column. */
  usage: string | null;
  /** TRAIN where no usage says. */
  split: Split;
  pixels: GreyPixels | null;
  problem: { reason: string; detail: string } | null;
}

/** Side of a picture of FER2013, in pixels. */
const officialSide = 48;
const largestSide = 512;

/** Names of the columns, lower case, the official one first. */
const emotionColumns = ['emotion', 'label', 'expression', 'class'];
const pixelColumns = ['pixels', 'pixel'];
const usageColumns = ['usage', 'split', 'set'];

/** What a table with a column of pixels has beside it. */
export interface PixelColumns {
  emotion: number | null;
  pixels: number;
  usage: number | null;
}

/** Null for a table without pixels. */
export function columnsOfPixels(table: Pick<Table, 'place'>): PixelColumns | null {
  const place = (names: readonly string[]): number | null =>
    names.map((name) => table.place(name)).find((found) => found !== null) ?? null;
  const pixels = place(pixelColumns);
  return pixels === null ? null : { emotion: place(emotionColumns), pixels, usage: place(usageColumns) };
}

/**
 * Rows of a CSV `emotion,pixels,Usage` (FER2013), in quotes or not: grey values separated by blanks. Pictures are 48 x 48, unless the
 * first row holds another square. Without a column of usages the rows have none.
 * @throws InvalidInputError when the header lacks a column, or `usage` is needed and missing.
 */
export async function* pixelRows(source: TableFile, { needsUsage = true } = {}): AsyncGenerator<PixelRow> {
  const table = await openTable(
    source,
    ['emotion', 'pixels', ...(needsUsage ? ['Usage'] : [])].filter((name) => needsUsage || name === 'pixels'),
  );
  const { emotion, pixels, usage } = columnsOfPixels(table)!;
  if (emotion === null)
    throw new InvalidInputError(
      source.argument ?? 'directory',
      `${source.shownAs} with a column emotion beside the pixels`,
      table.columns,
    );
  let side: number | null = null;
  let count = 0;
  for await (const { values, line } of table.rows()) {
    const grey = greyValues(values[pixels] ?? '');
    side ??= sideOf(grey);
    const known = {
      line,
      row: count++,
      emotion: (values[emotion] ?? '').trim(),
      usage: usage === null ? null : (values[usage] ?? '').trim(),
    };
    const row = pixelRow(known, grey, side);
    yield values.length >= table.columns.length
      ? row
      : {
          ...row,
          pixels: null,
          problem: {
            reason: 'the row is cut off',
            detail: `expected ${table.columns.length} fields, found ${values.length}: the download may have ended early`,
          },
        };
  }
  if (count === 0)
    throw new InvalidInputError(
      source.argument ?? 'directory',
      `${source.shownAs} with at least one row`,
      'a header alone',
    );
}

/** The first row decides; one that is no square is itself the odd one. */
function sideOf(grey: Uint8Array | string): number {
  const side = typeof grey === 'string' ? officialSide : Math.sqrt(grey.length);
  return Number.isInteger(side) && side >= 1 && side <= largestSide ? side : officialSide;
}

function pixelRow(
  known: Pick<PixelRow, 'line' | 'row' | 'emotion' | 'usage'>,
  grey: Uint8Array | string,
  side: number,
): PixelRow {
  const split = known.usage === null ? Split.TRAIN : splitNamed(known.usage);
  const unusable = (reason: string, detail: string): PixelRow => ({
    ...known,
    split: split ?? Split.TRAIN,
    pixels: null,
    problem: { reason, detail },
  });
  if (split === null)
    return unusable(
      'the usage is none of Training, PublicTest, PrivateTest',
      `found "${(known.usage ?? '').slice(0, 40)}"`,
    );
  if (typeof grey === 'string') return unusable('the pixels are not grey values from 0 to 255', grey);
  if (grey.length !== side * side)
    return unusable('the number of pixels is wrong', `expected ${side * side}, found ${grey.length}`);
  return { ...known, split, pixels: { width: side, height: side, grey }, problem: null };
}

const blank = 32;
const zero = 48;
/** Blank, tab, line ends, comma and the brackets of lists. */
const separators: ReadonlySet<number> = new Set([blank, 9, 10, 13, 44, 91, 93]);
const longestRow = largestSide * largestSide;

/** Grey values, or what is wrong. By hand: splitting 2,304 texts a row takes five times as long. */
function greyValues(text: string): Uint8Array | string {
  const values: number[] = [];
  let value = -1;
  for (let place = 0; place <= text.length; place++) {
    const code = place < text.length ? text.charCodeAt(place) : blank;
    if (separators.has(code)) {
      if (value > 255) return `found ${value}`;
      if (value >= 0) values.push(value);
      value = -1;
    } else if (code < zero || code > zero + 9) return `found "${text.slice(place, place + 12)}"`;
    else value = Math.max(0, value) * 10 + code - zero;
    if (values.length > longestRow) return `found more than ${longestRow} values`;
  }
  return Uint8Array.from(values);
}
