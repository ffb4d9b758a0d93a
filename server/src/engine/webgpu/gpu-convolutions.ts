import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Convolutions } from '../convolution/convolutions.js';
import { filterShapeOf, inShapeOf, outShapeOf, type ConvolutionGeometry } from '../convolution/geometry.js';
import { filterProductSource, filterSizes, type FilterVariant } from './filter-product.js';
import {
  phasesOf,
  pixelProductSource,
  pixelSizes,
  rowsOf,
  type PixelProduct,
  type PixelVariant,
} from './pixel-product.js';
import { bindings, type GpuPrograms, LINE, perElement, spread } from './programs.js';
import { cut, type Tile } from './tile.js';

/**
 * Convolutions as tiled matrix products that gather patches of the image as they go; no patch matrix is ever written.
 * @param chooseCut how a product is cut; tests choose otherwise.
 */
export function gpuConvolutions(programs: GpuPrograms, chooseCut = cut): Convolutions {
  return {
    forward: (x, filter, g) => forwardConvolution(programs, [x, filter], g, {}, chooseCut),
    inputGradient: (dy, filter, g) => {
      const swapped = swapChannels(programs, filter, g);
      const dx = pixelProduct(programs, backwardProduct(g), [dy, swapped], inShapeOf(g), { backward: true }, chooseCut);
      programs.free(swapped);
      return dx;
    },
    filterGradient: (x, dy, g) => filterGradient(programs, x, dy, g, chooseCut),
  };
}

/** y = [max 0] (x * filter + bias [+ residual]) in one pass. @param bias `[Co]`. */
export function finishedConvolution(
  programs: GpuPrograms,
  tensors: { x: TensorInfo; filter: TensorInfo; bias: TensorInfo; residual?: TensorInfo },
  g: ConvolutionGeometry,
  relu: boolean,
): TensorInfo {
  const { x, filter, bias, residual } = tensors;
  return forwardConvolution(
    programs,
    [x, filter, bias, ...(residual === undefined ? [] : [residual])],
    g,
    { finish: { residual: residual !== undefined, relu } },
    cut,
  );
}

/**
 * Channels that four does not divide (the colours of an image) get zeros beside them, so that patches are read by
 * fours.
 */
function forwardConvolution(
  programs: GpuPrograms,
  [x, filter, ...extras]: TensorInfo[],
  g: ConvolutionGeometry,
  kind: Pick<PixelVariant, 'finish'>,
  chooseCut: typeof cut,
): TensorInfo {
  if (g.inChannels % 4 === 0)
    return pixelProduct(
      programs,
      forwardProduct(g),
      [x, filter, ...extras],
      outShapeOf(g),
      { ...kind, backward: false },
      chooseCut,
    );
  const inChannels = Math.ceil(g.inChannels / 4) * 4;
  const widened = { ...g, inChannels };
  const [wideX, wideFilter] = [
    widen(programs, x, g.inChannels, inShapeOf(widened)),
    widen(programs, filter, g.inChannels * g.outChannels, filterShapeOf(widened)),
  ];
  const y = pixelProduct(
    programs,
    forwardProduct(widened),
    [wideX, wideFilter, ...extras],
    outShapeOf(g),
    { ...kind, backward: false },
    chooseCut,
  );
  programs.free(wideX);
  programs.free(wideFilter);
  return y;
}

/** Puts zeros after every `run` values, as many as `shape` has room for. */
function widen(programs: GpuPrograms, x: TensorInfo, run: number, shape: number[]): TensorInfo {
  const wide = programs.allocate(shape);
  const sizes = [x.shape, shape].map((sides) => sides.reduce((product, side) => product * side, 1));
  const wideRun = (run * sizes[1]) / sizes[0];
  programs.run(
    { name: 'widen', source: () => widenSource, workgroups: spread(Math.ceil(sizes[1] / LINE)) },
    [x, wide],
    Int32Array.of(run, wideRun),
  );
  return wide;
}

const widenSource = `${bindings('f32', 'given', '=wide')}
struct Sizes { run: u32, wideRun: u32 }
@group(0) @binding(2) var<uniform> s: Sizes;
${perElement(`  if (i >= arrayLength(&wide)) { return; }
  let place = i % s.wideRun;
  wide[i] = 0.0;
  if (place < s.run) { wide[i] = given[i / s.wideRun * s.run + place]; }`)}`;

const forwardProduct = (g: ConvolutionGeometry): PixelProduct => ({
  ...sizesOf(g),
  gridHeight: g.outHeight,
  gridWidth: g.outWidth,
  sourceHeight: g.inHeight,
  sourceWidth: g.inWidth,
  channels: g.inChannels,
  height: g.outHeight,
  width: g.outWidth,
  columns: g.outChannels,
});

const backwardProduct = (g: ConvolutionGeometry): PixelProduct => ({
  ...sizesOf(g),
  gridHeight: Math.ceil(g.inHeight / g.strideHeight),
  gridWidth: Math.ceil(g.inWidth / g.strideWidth),
  sourceHeight: g.outHeight,
  sourceWidth: g.outWidth,
  channels: g.outChannels,
  height: g.inHeight,
  width: g.inWidth,
  columns: g.inChannels,
});

const sizesOf = ({
  batch,
  filterHeight,
  filterWidth,
  strideHeight,
  strideWidth,
  padTop,
  padLeft,
}: ConvolutionGeometry) => ({ batch, filterHeight, filterWidth, strideHeight, strideWidth, padTop, padLeft });

function pixelProduct(
  programs: GpuPrograms,
  p: PixelProduct,
  inputs: TensorInfo[],
  shape: number[],
  kind: Pick<PixelVariant, 'backward' | 'finish'>,
  chooseCut: typeof cut,
): TensorInfo {
  const variant: PixelVariant = { ...kind, channelsByFour: p.channels % 4 === 0, columnsByFour: p.columns % 4 === 0 };
  const phases = phasesOf(p, kind.backward);
  const extent = {
    rows: rowsOf(p),
    columns: p.columns,
    terms: (p.filterHeight * p.filterWidth * p.channels) / phases,
    products: phases,
  };
  const chosen = chooseCut(extent, programs.backend.device.limits.maxComputeWorkgroupStorageSize);
  const { tile } = chosen;
  // Parts are finished when they are added.
  const { parts } = chosen;
  const [operands, extras] = [inputs.slice(0, 2), inputs.slice(2)];
  if (parts > 1) variant.finish = undefined;
  const result = programs.allocate(parts === 1 ? shape : [parts, ...shape]);
  const workgroups: [number, number, number] = [
    Math.ceil(p.columns / tile.columns),
    Math.ceil(rowsOf(p) / tile.rows),
    phases * parts,
  ];
  programs.run(
    {
      name: `convolution ${kind.backward ? 'input gradient' : 'forward'}${nameOf(tile, variant.channelsByFour, variant.columnsByFour)}${variant.finish === undefined ? '' : `, finished ${JSON.stringify(variant.finish)}`}`,
      source: () => pixelProductSource(variant, tile),
      workgroups,
    },
    [...operands, ...(parts === 1 ? extras : []), result],
    pixelSizes(p, parts, phases),
  );
  return parts === 1
    ? result
    : addParts(programs, result, shape, parts, kind.finish && { ...kind.finish, extras, columns: p.columns });
}

function filterGradient(
  programs: GpuPrograms,
  x: TensorInfo,
  dy: TensorInfo,
  g: ConvolutionGeometry,
  chooseCut: typeof cut,
): TensorInfo {
  const variant: FilterVariant = { inputsByFour: g.inChannels % 4 === 0, outputsByFour: g.outChannels % 4 === 0 };
  const rows = g.filterHeight * g.filterWidth * g.inChannels;
  const extent = { rows, columns: g.outChannels, terms: g.batch * g.outHeight * g.outWidth, products: 1 };
  const { tile, parts } = chooseCut(extent, programs.backend.device.limits.maxComputeWorkgroupStorageSize);
  const shape = filterShapeOf(g);
  const result = programs.allocate(parts === 1 ? shape : [parts, ...shape]);
  const workgroups: [number, number, number] = [
    Math.ceil(g.outChannels / tile.columns),
    Math.ceil(rows / tile.rows),
    parts,
  ];
  programs.run(
    {
      name: `convolution filter gradient${nameOf(tile, variant.inputsByFour, variant.outputsByFour)}`,
      source: () => filterProductSource(variant, tile),
      workgroups,
    },
    [x, dy, result],
    filterSizes(g, parts),
  );
  return parts === 1 ? result : addParts(programs, result, shape, parts);
}

/** Of a shader: its tile, and the operands whose channels it reads one by one. */
const nameOf = ({ rows, columns }: Tile, leftByFour: boolean, rightByFour: boolean): string =>
  ` ${rows}x${columns}${leftByFour ? '' : ', left by one'}${rightByFour ? '' : ', right by one'}`;

/** What happens to a sum of parts. @param extras bias `[columns]` and maybe a residual. */
interface FinishedSum {
  residual: boolean;
  relu: boolean;
  extras: TensorInfo[];
  columns: number;
}

/** Adds parts in order: the same bits every time. */
function addParts(
  programs: GpuPrograms,
  partial: TensorInfo,
  shape: number[],
  parts: number,
  finish?: FinishedSum,
): TensorInfo {
  const size = shape.reduce((product, side) => product * side, 1);
  const sum = programs.allocate(shape);
  const name = `add-parts${finish ? `, finished ${finish.residual},${finish.relu}` : ''}`;
  programs.run(
    { name, source: () => addPartsSource(finish), workgroups: spread(Math.ceil(size / LINE)) },
    [partial, sum, ...(finish?.extras ?? [])],
    Int32Array.of(size, parts, finish?.columns ?? 1),
  );
  programs.free(partial);
  return sum;
}

const addPartsSource = (finish?: FinishedSum): string => {
  const extras = finish ? (finish.residual ? ['bias', 'residual'] : ['bias']) : [];
  const shifted = finish ? ` + bias[i % s.columns]${finish.residual ? ' + residual[i]' : ''}` : '';
  return `${bindings('f32', 'partial', '=total', ...extras)}
struct Sizes { size: u32, parts: u32, columns: u32 }
@group(0) @binding(${2 + extras.length}) var<uniform> s: Sizes;
${perElement(`  if (i >= s.size) { return; }
  var sum = 0.0;
  for (var part = 0u; part < s.parts; part++) { sum += partial[part * s.size + i]; }
  total[i] = ${finish?.relu ? `max(0.0, sum${shifted})` : `sum${shifted}`};`)}`;
};

/**
 * `[Kh, Kw, Ci, Co]` -> `[Kh, Kw, Co, Ci]`, 16 x 16 values at a time, so that reads and writes both run along memory.
 */
function swapChannels(programs: GpuPrograms, filter: TensorInfo, g: ConvolutionGeometry): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels } = g;
  const swapped = programs.allocate([filterHeight, filterWidth, outChannels, inChannels]);
  const workgroups: [number, number, number] = [
    Math.ceil(outChannels / swap),
    Math.ceil(inChannels / swap),
    filterHeight * filterWidth,
  ];
  programs.run(
    { name: 'swap-channels', source: () => swapChannelsSource, workgroups },
    [filter, swapped],
    Int32Array.of(inChannels, outChannels),
  );
  return swapped;
}

/**
 * Side of the square of values that a workgroup turns; a line more in its memory keeps columns from meeting in one
 * bank.
 */
const swap = 16;

const swapChannelsSource = `${bindings('f32', 'given', '=swapped')}
struct Sizes { inputs: u32, outputs: u32 }
@group(0) @binding(2) var<uniform> s: Sizes;
var<workgroup> square: array<f32, ${swap * (swap + 1)}>;
@compute @workgroup_size(${swap}, ${swap}, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let read = group.yx * ${swap}u + local.yx;
  if (read.x < s.inputs && read.y < s.outputs) { square[local.y * ${swap + 1}u + local.x] = given[(group.z * s.inputs + read.x) * s.outputs + read.y]; }
  workgroupBarrier();
  let write = group.xy * ${swap}u + local.yx;
  if (write.x < s.outputs && write.y < s.inputs) { swapped[(group.z * s.outputs + write.x) * s.inputs + write.y] = square[local.x * ${swap + 1}u + local.y]; }
}
`;
