/** How a `[rows, channels]` tensor is gone through: by fours of channels where four divides them. */
export interface ChannelLayout {
  rows: number;
  channels: number;
  /** WGSL type of a unit, `vec4f` or `f32`, and units a row. */
  type: 'vec4f' | 'f32';
  units: number;
  /** The rows are cut into so many parts of `rowsAPart`, a workgroup each (and for each block of lanes). */
  parts: number;
  rowsAPart: number;
}

const THREADS = 256;
/**
 * Of a workgroup's threads, so many stand beside each other on one row: 64 channels, the fewest of a full-width
 * network.
 */
export const LANES = 16;
/** So many rows are read at once. */
export const LINES = THREADS / LANES;

/**
 * As in tile.ts: enough workgroups to keep a large GPU busy, each with at least so many rows a thread that starting it
 * is worth it.
 */
const enoughWorkgroups = 528;
const fewestRowsAThread = 4;

export function layoutOf(rows: number, channels: number): ChannelLayout {
  const byFour = channels % 4 === 0;
  const units = byFour ? channels / 4 : channels;
  const wanted = Math.min(
    Math.ceil(enoughWorkgroups / Math.ceil(units / LANES)),
    Math.floor(rows / (LINES * fewestRowsAThread)),
  );
  const rowsAPart = Math.ceil(rows / Math.max(1, wanted));
  return { rows, channels, type: byFour ? 'vec4f' : 'f32', units, parts: Math.ceil(rows / rowsAPart), rowsAPart };
}

/** In the order of `Sizes` in `perChannel`. */
export const sizesOf = ({ rows, units, parts, rowsAPart }: ChannelLayout): Int32Array =>
  Int32Array.of(rows, units, parts, rowsAPart);

/**
 * WGSL: entry point whose threads know their `unit` (of `s.units`), their `line` and their place `at` in the
 * workgroup's memory. @param binding of `sizesOf`.
 */
export const perChannel = ({ type }: ChannelLayout, binding: number, body: string): string => `
struct Sizes { rows: u32, units: u32, parts: u32, rowsAPart: u32 }
@group(0) @binding(${binding}) var<uniform> s: Sizes;
var<workgroup> sums1: array<${type}, ${THREADS}>;
var<workgroup> sums2: array<${type}, ${THREADS}>;
@compute @workgroup_size(${THREADS}, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) at: u32) {
  let unit = group.y * ${LANES}u + at % ${LANES}u;
  let line = at / ${LANES}u;
  let inside = unit < s.units;
${body}
}
`;

/**
 * WGSL: adds `first` and `second` over the lines, in the same order every time; line 0 then holds the sums in
 * `sums1[at]` and `sums2[at]`.
 */
export const addLines = `
  sums1[at] = first;
  sums2[at] = second;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half >= ${LANES}u; half /= 2u) {
    if (at < half) {
      sums1[at] += sums1[at + half];
      sums2[at] += sums2[at + half];
    }
    workgroupBarrier();
  }`;
