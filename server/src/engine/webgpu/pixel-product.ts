import { lines, SIDE, THREADS, type Tile } from './tile.js';

/**
 * A matrix product whose left rows are patches of an image and whose right side is a filter: the forward convolution,
 * and the gradient of its
 * input. Row (n, i, j) of grid `[batch, gridHeight, gridWidth]` is the patch of those pixels of the source that its
 * taps reach.
 */
export interface PixelProduct {
  batch: number;
  gridHeight: number;
  gridWidth: number;
  /** Source `[batch, sourceHeight, sourceWidth, channels]`. */
  sourceHeight: number;
  sourceWidth: number;
  channels: number;
  /** Result `[batch, height, width, columns]`, `parts` times where the terms are split. */
  height: number;
  width: number;
  columns: number;
  /** The filter is `[filterHeight, filterWidth, channels, columns]`. */
  filterHeight: number;
  filterWidth: number;
  strideHeight: number;
  strideWidth: number;
  padTop: number;
  padLeft: number;
}

/** What the shader is compiled for; everything else it is told as it runs, so that few pipelines do for all layers. */
export interface PixelVariant {
  /**
   * Forward: the grid is the result, neighbours reach `stride` pixels further. Backward: the result's pixels fall into
   * stride x stride phases, a grid each.
   */
  backward: boolean;
  /** Four divides the channels, or the columns. */
  channelsByFour: boolean;
  columnsByFour: boolean;
  /**
   * What happens to a finished value before it is written: with `bias` `[columns]` as third tensor, maybe a residual as
   * fourth, maybe ReLU.
   */
  finish?: { residual: boolean; relu: boolean };
}

export const phasesOf = ({ strideHeight, strideWidth }: PixelProduct, backward: boolean): number =>
  backward ? strideHeight * strideWidth : 1;
export const rowsOf = ({ batch, gridHeight, gridWidth }: PixelProduct): number => batch * gridHeight * gridWidth;

/** In the order of the shader's `Sizes`. */
export function pixelSizes(p: PixelProduct, parts: number, phases: number): Int32Array {
  return Int32Array.of(
    p.gridHeight,
    p.gridWidth,
    p.sourceHeight,
    p.sourceWidth,
    p.height,
    p.width,
    p.filterHeight,
    p.filterWidth,
    p.strideHeight,
    p.strideWidth,
    p.padTop,
    p.padLeft,
    p.channels,
    p.columns,
    rowsOf(p),
    p.batch,
    parts,
    phases,
  );
}

/**
 * WGSL. Tensors: source, filter, [bias, [residual,]] result; then `pixelSizes`. Workgroups: (column tiles, row tiles,
 * parts x phases).
 */
export function pixelProductSource(
  variant: PixelVariant,
  { rows: tileRows, columns: tileColumns, depth }: Tile,
): string {
  const quads = depth / 4;
  const across = tileColumns / 4;
  const [threadRows, threadColumns] = [tileRows / SIDE, tileColumns / SIDE / 4];
  const [loadsA, loadsB] = [(tileRows * quads) / THREADS, (depth * across) / THREADS];
  const [stepA, stepB] = [THREADS / quads, THREADS / across];
  return `${header(variant)}
var<workgroup> tileA: array<vec4f, ${tileRows * (quads + 1)}>;
var<workgroup> tileB: array<vec4f, ${depth * across}>;
${geometry(variant, depth)}
${memory(variant)}
@compute @workgroup_size(${SIDE}, ${SIDE}, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) thread: u32) {
  let phase = phaseOf(group.z % s.phases);
  let part = group.z / s.phases;
  let terms = phase.taps.x * phase.taps.y * s.channels;
  let share = ((terms + ${depth - 1}u) / ${depth}u + s.parts - 1u) / s.parts * ${depth}u;
  let first = part * share;
  let end = min(terms, first + share);
  let quad = thread % ${quads}u;
  let lineB = thread / ${across}u;
  let columnB = group.x * ${across}u + thread % ${across}u;
  var walk = walkTo(first + quad * 4u, phase);
${lines(loadsA, (i) => `  let row${i} = rowOf(group.y * ${tileRows}u + thread / ${quads}u + ${i * stepA}u, phase);`)}
${lines(threadRows * threadColumns, (i) => `  var sum${i} = vec4f(0);`)}
${lines(loadsA, (i) => `  var a${i} = loadA(row${i}, walk, end, phase);`)}
${lines(loadsB, (i) => `  var b${i} = loadB(first + lineB + ${i * stepB}u, columnB, end, phase);`)}
  for (var k = first; k < end; k += ${depth}u) {
${lines(loadsA, (i) => `    tileA[(thread / ${quads}u + ${i * stepA}u) * ${quads + 1}u + quad] = a${i};`)}
${lines(loadsB, (i) => `    tileB[thread + ${i * THREADS}u] = b${i};`)}
    workgroupBarrier();
    step(&walk, phase);
${lines(loadsA, (i) => `    a${i} = loadA(row${i}, walk, end, phase);`)}
${lines(loadsB, (i) => `    b${i} = loadB(k + lineB + ${depth + i * stepB}u, columnB, end, phase);`)}
    for (var q = 0u; q < ${quads}u; q++) {
${lines(4 * threadColumns, (i) => `      let y${i} = tileB[(q * 4u + ${Math.floor(i / threadColumns)}u) * ${across}u + local.x + ${(i % threadColumns) * SIDE}u];`)}
${lines(
  threadRows,
  (r) =>
    `      let x${r} = tileA[(local.y + ${r * SIDE}u) * ${quads + 1}u + q];\n${lines(threadColumns, (c) =>
      accumulate(
        `sum${r * threadColumns + c}`,
        `x${r}`,
        [0, 1, 2, 3].map((t) => `y${t * threadColumns + c}`),
      ),
    )}`,
)}
    }
    workgroupBarrier();
  }
${lines(threadRows, (r) => lines(threadColumns, (c) => `  store(group.y * ${tileRows}u + local.y + ${r * SIDE}u, group.x * ${across}u + local.x + ${c * SIDE}u, part, phase, sum${r * threadColumns + c});`))}
}
`;
}

const accumulate = (sum: string, x: string, y: string[]): string =>
  `      ${sum} = fma(vec4f(${x}.x), ${y[0]}, fma(vec4f(${x}.y), ${y[1]}, fma(vec4f(${x}.z), ${y[2]}, fma(vec4f(${x}.w), ${y[3]}, ${sum}))));`;

function header({ channelsByFour, columnsByFour, finish }: PixelVariant): string {
  const [a, b] = [channelsByFour, columnsByFour].map((byFour) => (byFour ? 'vec4f' : 'f32'));
  const extra = finish === undefined ? [] : finish.residual ? ['bias', 'residual'] : ['bias'];
  return [
    `@group(0) @binding(0) var<storage, read> source: array<${a}>;`,
    `@group(0) @binding(1) var<storage, read> kernel: array<${b}>;`,
    ...extra.map((name, i) => `@group(0) @binding(${2 + i}) var<storage, read> ${name}: array<${b}>;`),
    `@group(0) @binding(${2 + extra.length}) var<storage, read_write> result: array<${b}>;`,
    'struct Sizes { grid: vec2u, source: vec2i, target_: vec2u, filter_: vec2u, stride: vec2u, pad: vec2u, channels: u32, columns: u32, rows: u32, batch: u32, parts: u32, phases: u32 }',
    `@group(0) @binding(${3 + extra.length}) var<uniform> s: Sizes;`,
  ].join('\n');
}

/** Which pixels and taps a row and a term stand for. */
const geometry = ({ backward }: PixelVariant, depth: number): string => `
struct Phase { offset: vec2u, firstTap: vec2u, taps: vec2u, origin: vec2i }
fn phaseOf(index: u32) -> Phase {
${backward ? backwardPhase : '  return Phase(vec2u(0), vec2u(0), s.filter_, -vec2i(s.pad));'}
}
struct Row { image: u32, corner: vec2i, inside: bool }
fn gridOf(row: u32) -> vec3u { return vec3u(row / (s.grid.x * s.grid.y), (row / s.grid.y) % s.grid.x, row % s.grid.y); }
fn rowOf(row: u32, phase: Phase) -> Row {
  let place = gridOf(row);
  return Row(place.x * u32(s.source.x * s.source.y), vec2i(place.yz${backward ? '' : ' * s.stride'}) + phase.origin, row < s.rows);
}
/** A term: its number, its tap and its channel. */
struct Walk { k: u32, tap: vec2u, channel: u32 }
fn walkTo(k: u32, phase: Phase) -> Walk {
  let tap = k / s.channels;
  return Walk(k, vec2u(tap / phase.taps.y, tap % phase.taps.y), k % s.channels);
}
/** On by the depth of a tile, without a division. */
fn step(walk: ptr<function, Walk>, phase: Phase) {
  (*walk).k += ${depth}u;
  (*walk).channel += ${depth}u;
  while ((*walk).channel >= s.channels) {
    (*walk).channel -= s.channels;
    (*walk).tap.y++;
    if ((*walk).tap.y == phase.taps.y) { (*walk).tap = vec2u((*walk).tap.x + 1u, 0u); }
  }
}
/** Index in the source, or -1 where there is nothing but padding. */
fn sourceIndex(row: Row, walk: Walk, end: u32) -> i32 {
  let pixel = row.corner ${backward ? '-' : '+'} vec2i(walk.tap);
  if (!row.inside || walk.k >= end || any(pixel < vec2i(0)) || any(pixel >= s.source)) { return -1; }
  return i32((row.image + u32(pixel.x * s.source.y + pixel.y)) * s.channels + walk.channel);
}`;

/**
 * Pixels i * stride + offset of the input are reached by every stride-th tap alone, the first of which lies `firstTap`
 * in.
 */
const backwardPhase = `  let offset = vec2u(index / s.stride.y, index % s.stride.y);
  let firstTap = (offset + s.pad) % s.stride;
  let taps = (max(s.filter_, firstTap) - firstTap + s.stride - 1u) / s.stride;
  return Phase(offset, firstTap, taps, vec2i((offset + s.pad - firstTap) / s.stride));`;

/** Reading the source and the filter by fours, zeros where there is nothing, and writing the result. */
function memory(variant: PixelVariant): string {
  const { backward, channelsByFour, columnsByFour } = variant;
  const finish = finishOf(variant);
  return `
fn loadA(row: Row, walk: Walk, end: u32, phase: Phase) -> vec4f {
  ${
    channelsByFour
      ? 'let i = sourceIndex(row, walk, end);\n  if (i < 0) { return vec4f(0); }\n  return source[u32(i) / 4u];'
      : `var values = vec4f(0);
  for (var j = 0u; j < 4u; j++) {
    let i = sourceIndex(row, walkTo(walk.k + j, phase), end);
    if (i >= 0) { values[j] = source[u32(i)]; }
  }
  return values;`
  }
}
fn loadB(k: u32, column4: u32, end: u32, phase: Phase) -> vec4f {
  if (k >= end || column4 * 4u >= s.columns) { return vec4f(0); }
  var line = k;${
    backward
      ? `
  if (s.phases > 1u) {
    let walk = walkTo(k, phase);
    let tap = phase.firstTap + walk.tap * s.stride;
    line = (tap.x * s.filter_.y + tap.y) * s.channels + walk.channel;
  }`
      : ''
  }
  ${
    columnsByFour
      ? 'return kernel[line * (s.columns / 4u) + column4];'
      : `var values = vec4f(0);
  for (var j = 0u; j < min(4u, s.columns - column4 * 4u); j++) { values[j] = kernel[line * s.columns + column4 * 4u + j]; }
  return values;`
  }
}
fn store(row: u32, column4: u32, part: u32, phase: Phase, sum: vec4f) {
  if (row >= s.rows || column4 * 4u >= s.columns) { return; }
  ${
    backward
      ? `let place = gridOf(row);
  let pixel = place.yz * s.stride + phase.offset;
  if (any(pixel >= s.target_)) { return; }
  let at = (place.x * s.target_.x + pixel.x) * s.target_.y + pixel.y + part * s.batch * s.target_.x * s.target_.y;`
      : 'let at = row + part * s.rows;'
  }
  ${
    columnsByFour
      ? `let i = at * (s.columns / 4u) + column4;\n  ${finish('sum', 'i', 'column4')}`
      : `for (var j = 0u; j < min(4u, s.columns - column4 * 4u); j++) {
    let c = column4 * 4u + j;
    let i = at * s.columns + c;
    ${finish('sum[j]', 'i', 'c')}
  }`
  }
}`;
}

function finishOf({ finish, columnsByFour }: PixelVariant): (sum: string, index: string, column: string) => string {
  if (finish === undefined) return (sum, index) => `result[${index}] = ${sum};`;
  return (sum, index, column) => {
    const shifted = `${sum} + bias[${column}]${finish.residual ? ` + residual[${index}]` : ''}`;
    return `result[${index}] = ${finish.relu ? `max(${shifted}, ${columnsByFour ? 'vec4f(0)' : '0.0'})` : shifted};`;
  };
}
