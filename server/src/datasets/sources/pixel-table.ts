import { InvalidInputError } from '../../errors.js';
import { Split } from '../../split.js';
import { openTable, type TableFile } from './csv-table.js';
import { splitNamed } from './split-names.js';

/** `grey` is `[height * width]`, row by row. */
export interface GreyPixels {
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
  usage: string;
  split: Split;
  pixels: GreyPixels | null;
  problem: { reason: string; detail: string } | null;
}

/** Side of a picture of FER2013, in pixels. */
const officialSide = 48;
const largestSide = 512;

const requiredColumns = ['emotion', 'pixels', 'Usage'];

/** Whether a first line is the header of such a table. */
export function isPixelHeader(line: string | null): boolean {
  const names = line?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
  return requiredColumns.every((name) => names.includes(name.toLowerCase()));
}

/**
 * Rows of a CSV `emotion,pixels,Usage` (FER2013): grey values separated by blanks. Pictures are 48 x 48, unless the
 * first row holds another square.
 * @throws InvalidInputError when the header lacks a column.
 */
export async function* pixelRows(source: TableFile): AsyncGenerator<PixelRow> {
  const table = await openTable(source, requiredColumns);
  const [emotion, pixels, usage] = requiredColumns.map((name) => table.place(name)!) as [number, number, number];
  let side: number | null = null;
  let row = 0;
  for await (const { values, line } of table.rows()) {
    const grey = greyValues(values[pixels] ?? '');
    side ??= sideOf(grey);
    yield pixelRow(
      { line, row: row++, emotion: (values[emotion] ?? '').trim(), usage: (values[usage] ?? '').trim() },
      grey,
      side,
    );
  }
  if (row === 0)
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
  const split = splitNamed(known.usage);
  const unusable = (reason: string, detail: string): PixelRow => ({
    ...known,
    split: split ?? Split.TRAIN,
    pixels: null,
    problem: { reason, detail },
  });
  if (split === null)
    return unusable('the usage is none of Training, PublicTest, PrivateTest', `found "${known.usage.slice(0, 40)}"`);
  if (typeof grey === 'string') return unusable('the pixels are not grey values from 0 to 255', grey);
  if (grey.length !== side * side)
    return unusable('the number of pixels is wrong', `expected ${side * side}, found ${grey.length}`);
  return { ...known, split, pixels: { width: side, height: side, grey }, problem: null };
}

const blank = 32;
const zero = 48;
const longestRow = largestSide * largestSide;

/** Grey values, or what is wrong. By hand: splitting 2,304 texts a row takes five times as long. */
function greyValues(text: string): Uint8Array | string {
  const values: number[] = [];
  let value = -1;
  for (let place = 0; place <= text.length; place++) {
    const code = place < text.length ? text.charCodeAt(place) : blank;
    if (code === blank) {
      if (value > 255) return `found ${value}`;
      if (value >= 0) values.push(value);
      value = -1;
    } else if (code < zero || code > zero + 9) return `found "${text.slice(place, place + 12)}"`;
    else value = Math.max(0, value) * 10 + code - zero;
    if (values.length > longestRow) return `found more than ${longestRow} values`;
  }
  return Uint8Array.from(values);
}
