import type { ConvolutionGeometry } from '../convolution/geometry.js';
import { lines, SIDE, THREADS, type Tile } from './tile.js';

/** What the shader is compiled for: whether four divides the channels of x, and of dy. */
export interface FilterVariant {
  inputsByFour: boolean;
  outputsByFour: boolean;
}

/** In the order of the shader's `Sizes`. */
export function filterSizes(g: ConvolutionGeometry, parts: number): Int32Array {
  const rows = g.filterHeight * g.filterWidth * g.inChannels;
  const terms = g.batch * g.outHeight * g.outWidth;
  return Int32Array.of(
    g.inHeight,
    g.inWidth,
    g.outHeight,
    g.outWidth,
    g.strideHeight,
    g.strideWidth,
    g.padTop,
    g.padLeft,
    g.filterWidth,
    g.inChannels,
    g.outChannels,
    rows,
    terms,
    parts,
  );
}

/**
 * WGSL of a convolution's filter gradient: rows are the filter's taps and input channels, columns its output channels,
 * terms the pixels of dy.
 * Tensors: x `[N, H, W, Ci]`, dy `[N, Ho, Wo, Co]`, result `[parts, Kh, Kw, Ci, Co]`; then `filterSizes`. Workgroups:
 * (column tiles, row tiles, parts).
 */
export function filterProductSource(
  variant: FilterVariant,
  { rows: tileRows, columns: tileColumns, depth }: Tile,
): string {
  const [threadRows4, threadColumns] = [tileRows / SIDE / 4, tileColumns / SIDE / 4];
  const [acrossA, acrossB] = [tileRows / 4, tileColumns / 4];
  const [loadsA, loadsB] = [(depth * acrossA) / THREADS, (depth * acrossB) / THREADS];
  const [stepA, stepB] = [THREADS / acrossA, THREADS / acrossB];
  return `${header(variant)}
var<workgroup> tileA: array<vec4f, ${depth * acrossA}>;
var<workgroup> tileB: array<vec4f, ${depth * acrossB}>;
${memory(variant)}
@compute @workgroup_size(${SIDE}, ${SIDE}, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) thread: u32) {
  let share = ((s.terms + ${depth - 1}u) / ${depth}u + s.parts - 1u) / s.parts * ${depth}u;
  let first = group.z * share;
  let end = min(s.terms, first + share);
  let rowA = rowOf((group.y * ${acrossA}u + thread % ${acrossA}u) * 4u);
  let lineA = thread / ${acrossA}u;
  let columnB = group.x * ${acrossB}u + thread % ${acrossB}u;
  let lineB = thread / ${acrossB}u;
${lines(4 * threadRows4 * threadColumns, (i) => `  var sum${i} = vec4f(0);`)}
${lines(loadsA, (i) => `  var a${i} = loadA(rowA, first + lineA + ${i * stepA}u, end);`)}
${lines(loadsB, (i) => `  var b${i} = loadB(columnB, first + lineB + ${i * stepB}u, end);`)}
  for (var k = first; k < end; k += ${depth}u) {
${lines(loadsA, (i) => `    tileA[thread + ${i * THREADS}u] = a${i};`)}
${lines(loadsB, (i) => `    tileB[thread + ${i * THREADS}u] = b${i};`)}
    workgroupBarrier();
${lines(loadsA, (i) => `    a${i} = loadA(rowA, k + lineA + ${depth + i * stepA}u, end);`)}
${lines(loadsB, (i) => `    b${i} = loadB(columnB, k + lineB + ${depth + i * stepB}u, end);`)}
    for (var q = 0u; q < ${depth}u; q++) {
${lines(threadColumns, (c) => `      let y${c} = tileB[q * ${acrossB}u + local.x + ${c * SIDE}u];`)}
${lines(threadRows4, (r) => `      let x${r} = tileA[q * ${acrossA}u + local.y + ${r * SIDE}u];`)}
${lines(4 * threadRows4, (r) => lines(threadColumns, (c) => `      sum${r * threadColumns + c} = fma(vec4f(x${r >> 2}.${'xyzw'[r & 3]}), y${c}, sum${r * threadColumns + c});`))}
    }
    workgroupBarrier();
  }
${lines(4 * threadRows4, (r) => lines(threadColumns, (c) => `  store((group.y * ${acrossA}u + local.y + ${(r >> 2) * SIDE}u) * 4u + ${r & 3}u, group.x * ${acrossB}u + local.x + ${c * SIDE}u, group.z, sum${r * threadColumns + c});`))}
}
`;
}

const header = ({ inputsByFour, outputsByFour }: FilterVariant): string => `
@group(0) @binding(0) var<storage, read> x: array<${inputsByFour ? 'vec4f' : 'f32'}>;
@group(0) @binding(1) var<storage, read> dy: array<${outputsByFour ? 'vec4f' : 'f32'}>;
@group(0) @binding(2) var<storage, read_write> result: array<${outputsByFour ? 'vec4f' : 'f32'}>;
struct Sizes { input: vec2i, output: vec2u, stride: vec2u, pad: vec2i, filterWidth: u32, inputs: u32, outputs: u32, rows: u32, terms: u32, parts: u32 }
@group(0) @binding(3) var<uniform> s: Sizes;`;

const memory = ({ inputsByFour, outputsByFour }: FilterVariant): string => `
/** A row: its tap, from where it counts, and its channel. */
struct Row { number: u32, tap: vec2i, channel: u32 }
fn rowOf(row: u32) -> Row {
  let tap = row / s.inputs;
  return Row(row, vec2i(vec2u(tap / s.filterWidth, tap % s.filterWidth)) - s.pad, row % s.inputs);
}
/** Index in x of what a row meets at a pixel of dy, or -1 where that is padding. */
fn inputIndex(row: Row, pixel: u32) -> i32 {
  let line = pixel / s.output.y;
  let place = vec2i(vec2u(line % s.output.x, pixel % s.output.y) * s.stride) + row.tap;
  if (row.number >= s.rows || any(place < vec2i(0)) || any(place >= s.input)) { return -1; }
  return i32((line / s.output.x * u32(s.input.x * s.input.y) + u32(place.x * s.input.y + place.y)) * s.inputs + row.channel);
}
fn loadA(row: Row, pixel: u32, end: u32) -> vec4f {
  if (pixel >= end) { return vec4f(0); }
  ${
    inputsByFour
      ? 'let i = inputIndex(row, pixel);\n  if (i < 0) { return vec4f(0); }\n  return x[u32(i) / 4u];'
      : `var values = vec4f(0);
  for (var j = 0u; j < 4u; j++) {
    let i = inputIndex(rowOf(row.number + j), pixel);
    if (i >= 0) { values[j] = x[u32(i)]; }
  }
  return values;`
  }
}
fn loadB(column4: u32, pixel: u32, end: u32) -> vec4f {
  if (pixel >= end || column4 * 4u >= s.outputs) { return vec4f(0); }
  ${
    outputsByFour
      ? 'return dy[pixel * (s.outputs / 4u) + column4];'
      : `var values = vec4f(0);
  for (var j = 0u; j < min(4u, s.outputs - column4 * 4u); j++) { values[j] = dy[pixel * s.outputs + column4 * 4u + j]; }
  return values;`
  }
}
fn store(row: u32, column4: u32, part: u32, sum: vec4f) {
  if (row >= s.rows || column4 * 4u >= s.outputs) { return; }
  let line = part * s.rows + row;
  ${outputsByFour ? 'result[line * (s.outputs / 4u) + column4] = sum;' : 'for (var j = 0u; j < min(4u, s.outputs - column4 * 4u); j++) { result[line * s.outputs + column4 * 4u + j] = sum[j]; }'}
}`;
