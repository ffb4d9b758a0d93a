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
import type { MatrixProduct } from '../onnx/matrix-products.js';
import type { Pointer, Simd } from './simd.js';
import type { WasmHeap } from './wasm-heap.js';

/**
 * Windows laid out at once, in floats: 32 MB. Most convolutions fit; larger ones go in pieces, so that memory stays
 * bounded.
 */
const WINDOW_FLOATS = 1 << 23;

/**
 * Convolutions as products of filter windows, which own SIMD kernels lay out (im2col), with whatever multiplies
 * matrices on tfjs-wasm's heap.
 * Against onnxruntime's own convolutions of the shapes of ResNet-18 this takes 0.5 to 0.9 of the time: those turn their
 * operands around first.
 */
export function windowConvolutions(
  heap: WasmHeap,
  simd: Simd,
  product: MatrixProduct,
  windowFloats = WINDOW_FLOATS,
): Convolutions {
  const place: Place = { heap, simd, product, windowFloats };
  return {
    forward: (x, filter, g) => forward(place, x, filter, g),
    inputGradient: (dy, filter, g) =>
      flips(g) ? flippedConvolution(place, dy, filter, g) : inputGradient(place, dy, filter, g),
    filterGradient: (x, dy, g) => filterGradient(place, x, dy, g),
  };
}

interface Place {
  heap: WasmHeap;
  simd: Simd;
  product: MatrixProduct;
  windowFloats: number;
}

/** y[pixels, Co] = windows[pixels, Kh Kw Ci] * filter[Kh Kw Ci, Co] */
function forward(place: Place, x: TensorInfo, filter: TensorInfo, g: ConvolutionGeometry): TensorInfo {
  const y = place.heap.allocate(outShapeOf(g));
  const work = isPointwise(g) ? 0 : place.heap.work(windowRows(place, g) * windowSize(g));
  multiplyWindows(place, place.heap.pointer(x), place.heap.pointer(filter), place.heap.pointer(y), g, work);
  return y;
}

function multiplyWindows(
  place: Place,
  x: Pointer,
  filter: Pointer,
  y: Pointer,
  g: ConvolutionGeometry,
  work: Pointer,
): void {
  for (const [first, last] of pieces(place, g)) {
    const windows = layOut(place, x, g, first, last, work);
    place.product(
      { rows: last - first, columns: g.outChannels, depth: windowSize(g) },
      windows,
      filter,
      y + first * g.outChannels * 4,
    );
  }
}

/**
 * Whether dx is computed as the convolution of dy with the flipped filter. That has fewer values to multiply out than
 * windows of dx have, but
 * turns the filter around first: it pays where there are many pixels.
 */
const flips = (g: ConvolutionGeometry): boolean =>
  g.filterHeight * g.filterWidth > 1 &&
  g.strideHeight === 1 &&
  g.strideWidth === 1 &&
  g.padTop < g.filterHeight &&
  g.padLeft < g.filterWidth &&
  pixelsOf(g) >= 4 * g.outChannels;

function flippedConvolution(place: Place, dy: TensorInfo, filter: TensorInfo, g: ConvolutionGeometry): TensorInfo {
  const { heap, simd } = place;
  const flipped: ConvolutionGeometry = {
    ...g,
    inHeight: g.outHeight,
    inWidth: g.outWidth,
    inChannels: g.outChannels,
    outHeight: g.inHeight,
    outWidth: g.inWidth,
    outChannels: g.inChannels,
    padTop: g.filterHeight - 1 - g.padTop,
    padLeft: g.filterWidth - 1 - g.padLeft,
  };
  const dx = heap.allocate(inShapeOf(g));
  const filterFloats = windowSize(g) * g.outChannels;
  const turned = heap.work(filterFloats + windowRows(place, flipped) * windowSize(flipped));
  simd.flipFilter(heap.pointer(filter), g.filterHeight * g.filterWidth, g.inChannels, g.outChannels, turned);
  multiplyWindows(place, heap.pointer(dy), turned, heap.pointer(dx), flipped, turned + filterFloats * 4);
  return dx;
}

/** window gradients[pixels, Kh Kw Ci] = dy[pixels, Co] * filter^T[Co, Kh Kw Ci], added where the windows came from. */
function inputGradient(place: Place, dy: TensorInfo, filter: TensorInfo, g: ConvolutionGeometry): TensorInfo {
  const { heap, simd } = place;
  const pointwise = isPointwise(g);
  const dx = heap.allocate(inShapeOf(g));
  const work = pointwise ? 0 : heap.work(windowRows(place, g) * windowSize(g));
  const [gradient, output, filters] = [heap.pointer(dy), heap.pointer(dx), heap.pointer(filter)];
  if (!pointwise) simd.clear(output, g.batch * g.inHeight * g.inWidth * g.inChannels * 4);
  for (const [first, last] of pieces(place, g)) {
    const windows = pointwise ? output + first * g.inChannels * 4 : work;
    place.product(
      { rows: last - first, columns: windowSize(g), depth: g.outChannels, transposed: 'b' },
      gradient + first * g.outChannels * 4,
      filters,
      windows,
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

/** filter gradient[Kh Kw Ci, Co] = sum over pieces of windows^T[Kh Kw Ci, pixels] * dy[pixels, Co] */
function filterGradient(place: Place, x: TensorInfo, dy: TensorInfo, g: ConvolutionGeometry): TensorInfo {
  const { heap, simd } = place;
  const size = windowSize(g) * g.outChannels;
  const dw = heap.allocate(filterShapeOf(g));
  const work = heap.work(size + (isPointwise(g) ? 0 : windowRows(place, g) * windowSize(g)));
  const [input, gradient, output] = [heap.pointer(x), heap.pointer(dy), heap.pointer(dw)];
  for (const [first, last] of pieces(place, g)) {
    const windows = layOut(place, input, g, first, last, work + size * 4);
    const target = first === 0 ? output : work;
    place.product(
      { rows: windowSize(g), columns: g.outChannels, depth: last - first, transposed: 'a' },
      windows,
      gradient + first * g.outChannels * 4,
      target,
    );
    if (first > 0) simd.addTo(output, work, size);
  }
  return dw;
}

/** @returns where windows first..last lie: in `out`, or for pointwise convolutions in the input itself. */
function layOut(
  { simd }: Place,
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

/** Windows of one piece: pieces are as even as they can be, so that they have at most two sizes. */
function windowRows({ windowFloats }: Place, g: ConvolutionGeometry): number {
  const pixels = pixelsOf(g);
  const most = Math.max(1, Math.floor(windowFloats / windowSize(g)));
  return Math.ceil(pixels / Math.ceil(pixels / most));
}

function* pieces(place: Place, g: ConvolutionGeometry): Generator<[first: number, last: number]> {
  const pixels = pixelsOf(g);
  const rows = isPointwise(g) ? pixels : windowRows(place, g);
  for (let first = 0; first < pixels; first += rows) yield [first, Math.min(pixels, first + rows)];
}
