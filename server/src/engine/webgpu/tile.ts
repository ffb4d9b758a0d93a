/**
 * How a workgroup of 16 x 16 threads cuts a matrix product: it computes `rows` x `columns` of the result, `depth` terms
 * at a time.
 */
export interface Tile {
  /** 64 or 128. */
  rows: number;
  columns: number;
  depth: number;
}

/** Threads along either side of a workgroup. */
export const SIDE = 16;
export const THREADS = SIDE * SIDE;

/** Ends of the trade: large tiles read each operand less often, small ones fill a GPU with work sooner. */
export const LARGE: Tile = { rows: 128, columns: 128, depth: 16 };
export const TALL: Tile = { rows: 128, columns: 64, depth: 16 };
export const SMALL: Tile = { rows: 64, columns: 64, depth: 16 };

/** Workgroups that keep a large GPU (132 multiprocessors on an H100) busy: two on each. */
const enoughWorkgroups = 264;
/** A part of the terms must be worth the pass that adds the parts: 16 tiles deep at least. */
const fewestTermsAPart = 256;

export interface Cut {
  tile: Tile;
  /**
   * Into how many parts the terms are split, each summed by a workgroup of its own; the parts are added in order by
   * another pass.
   */
  parts: number;
}

/** A product of so many rows, columns and terms; `products` of them are computed by one dispatch. */
export interface Extent {
  rows: number;
  columns: number;
  terms: number;
  products: number;
}

/**
 * Memory that a workgroup shares: a tile of either operand, the left one with a gap a row that keeps rows from meeting
 * in one bank.
 */
export const sharedBytes = ({ rows, columns, depth }: Tile): number =>
  16 * (rows * (depth / 4 + 1) + (depth * columns) / 4);

/**
 * @param memory bytes that the device lets a workgroup share; WebGPU asks for 16 KiB at least, which the large tile
 * exceeds.
 */
export function cut({ rows, columns, terms, products }: Extent, memory: number): Cut {
  const workgroups = (tile: Tile): number => products * Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
  const wide = columns > TALL.columns && sharedBytes(LARGE) <= memory ? LARGE : TALL;
  const tile = workgroups(wide) >= enoughWorkgroups ? wide : SMALL;
  const parts = Math.min(Math.ceil(enoughWorkgroups / workgroups(tile)), Math.floor(terms / fewestTermsAPart));
  return { tile, parts: Math.max(1, parts) };
}

export const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');
