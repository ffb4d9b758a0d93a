import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Convolutions } from '../convolution/convolutions.js';
import {
  filterShapeOf,
  inShapeOf,
  isPointwise,
  outShapeOf,
  pixelsOf,
  windowSize,
  type ConvolutionGeometry,
} from '../convolution/geometry.js';
import { gemmWorkFloats, type Pointer, type Simd } from './simd.js';
import type { WasmHeap } from './wasm-heap.js';

/**
 * Output pixels whose windows are laid out at once: 512 windows of 3 x 3 x 512 floats are 9 MB, and fewer than that
 * fill the caches badly.
 */
const ROWS_AT_ONCE = 512;

/**
 * Convolutions as matrix products of filter windows (im2col) by own SIMD kernels on tfjs-wasm's heap, on one thread;
 * any shape.
 */
export function simdConvolutions(heap: WasmHeap, simd: Simd): Convolutions {
  return {
    forward: (x, filter, g) => forward(heap, simd, x, filter, g),
    inputGradient: (dy, filter, g) => inputGradient(heap, simd, dy, filter, g),
    filterGradient: (x, dy, g) => filterGradient(heap, simd, x, dy, g),
  };
}

/** Work space for a packed operand, windows, and gemm's own, one after the other. */
function workSpace(
  heap: WasmHeap,
  packedFloats: number,
  windowFloats: number,
): { packed: Pointer; windows: Pointer; gemm: Pointer } {
  const packed = heap.work(packedFloats + windowFloats + gemmWorkFloats);
  const windows = packed + packedFloats * 4;
  return { packed, windows, gemm: windows + windowFloats * 4 };
}

/** y[pixels, Co] = windows[pixels, Kh Kw Ci] * filter[Kh Kw Ci, Co] */
function forward(heap: WasmHeap, simd: Simd, x: TensorInfo, filter: TensorInfo, g: ConvolutionGeometry): TensorInfo {
  const depth = windowSize(g);
  const y = heap.allocate(outShapeOf(g));
  const work = workSpace(heap, depth * upTo8(g.outChannels), isPointwise(g) ? 0 : rowsAtOnce(g) * depth);
  const [input, output] = [heap.pointer(x), heap.pointer(y)];
  simd.packB(heap.pointer(filter), depth, g.outChannels, g.outChannels, 1, work.packed);
  for (const [first, last] of chunks(g)) {
    const windows = windowsOf(simd, input, g, first, last, work.windows);
    simd.gemm(
      0,
      windows,
      depth,
      work.packed,
      output + first * g.outChannels * 4,
      g.outChannels,
      last - first,
      g.outChannels,
      depth,
      0,
      work.gemm,
    );
  }
  return y;
}

/** window gradients[pixels, Kh Kw Ci] = dy[pixels, Co] * filter^T[Co, Kh Kw Ci], added where the windows came from. */
function inputGradient(
  heap: WasmHeap,
  simd: Simd,
  dy: TensorInfo,
  filter: TensorInfo,
  g: ConvolutionGeometry,
): TensorInfo {
  const depth = windowSize(g);
  const pointwise = isPointwise(g);
  const dx = heap.allocate(inShapeOf(g));
  const work = workSpace(heap, g.outChannels * upTo8(depth), pointwise ? 0 : rowsAtOnce(g) * depth);
  const [gradient, output] = [heap.pointer(dy), heap.pointer(dx)];
  simd.packB(heap.pointer(filter), g.outChannels, depth, 1, g.outChannels, work.packed);
  if (!pointwise) simd.clear(output, g.batch * g.inHeight * g.inWidth * g.inChannels * 4);
  for (const [first, last] of chunks(g)) {
    const windows = pointwise ? output + first * depth * 4 : work.windows;
    simd.gemm(
      0,
      gradient + first * g.outChannels * 4,
      g.outChannels,
      work.packed,
      windows,
      depth,
      last - first,
      depth,
      g.outChannels,
      0,
      work.gemm,
    );
    if (!pointwise) {
      simd.col2im(
        windows,
        g.inHeight,
        g.inWidth,
        g.inChannels,
        g.outHeight,
        g.outWidth,
        g.filterHeight,
        g.filterWidth,
        g.strideHeight,
        g.strideWidth,
        g.padTop,
        g.padLeft,
        first,
        last,
        output,
      );
    }
  }
  return dx;
}

/** filter gradient[Kh Kw Ci, Co] = sum over chunks of windows^T[Kh Kw Ci, pixels] * dy[pixels, Co] */
function filterGradient(heap: WasmHeap, simd: Simd, x: TensorInfo, dy: TensorInfo, g: ConvolutionGeometry): TensorInfo {
  const depth = windowSize(g);
  const dw = heap.allocate(filterShapeOf(g));
  const work = workSpace(heap, rowsAtOnce(g) * upTo8(g.outChannels), isPointwise(g) ? 0 : rowsAtOnce(g) * depth);
  const [input, gradient, output] = [heap.pointer(x), heap.pointer(dy), heap.pointer(dw)];
  for (const [first, last] of chunks(g)) {
    const windows = windowsOf(simd, input, g, first, last, work.windows);
    simd.packB(gradient + first * g.outChannels * 4, last - first, g.outChannels, g.outChannels, 1, work.packed);
    simd.gemm(
      1,
      windows,
      depth,
      work.packed,
      output,
      g.outChannels,
      depth,
      g.outChannels,
      last - first,
      first > 0 ? 1 : 0,
      work.gemm,
    );
  }
  return dw;
}

/** @returns where windows first..last lie: in `out`, or for pointwise convolutions in the input itself. */
function windowsOf(
  simd: Simd,
  input: Pointer,
  g: ConvolutionGeometry,
  first: number,
  last: number,
  out: Pointer,
): Pointer {
  if (isPointwise(g)) return input + first * g.inChannels * 4;
  simd.im2col(
    input,
    g.inHeight,
    g.inWidth,
    g.inChannels,
    g.outHeight,
    g.outWidth,
    g.filterHeight,
    g.filterWidth,
    g.strideHeight,
    g.strideWidth,
    g.padTop,
    g.padLeft,
    first,
    last,
    out,
  );
  return out;
}

const rowsAtOnce = (g: ConvolutionGeometry): number => Math.min(ROWS_AT_ONCE, pixelsOf(g));
const upTo8 = (columns: number): number => Math.ceil(columns / 8) * 8;

function* chunks(g: ConvolutionGeometry): Generator<[first: number, last: number]> {
  const pixels = pixelsOf(g);
  for (let first = 0; first < pixels; first += ROWS_AT_ONCE) yield [first, Math.min(pixels, first + ROWS_AT_ONCE)];
}
