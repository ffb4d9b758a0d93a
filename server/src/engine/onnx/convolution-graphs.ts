import { filterShapeOf, inShapeOf, isPointwise, outShapeOf, type ConvolutionGeometry } from '../convolution/geometry.js';
import { GraphBuilder } from './graph-builder.js';
import type { OnnxGraph } from './onnx-protobuf.js';

/** y from `x` and `filter`; NHWC as in `ConvolutionGeometry`. */
export function forwardGraph(g: ConvolutionGeometry): OnnxGraph {
  const graph = new GraphBuilder();
  const [x, filter] = [graph.input('x', inShapeOf(g)), graph.input('filter', filterShapeOf(g))];
  if (isOneTap(g) || hasFewPixels(g) || skipsPixels(g)) {
    const product = graph.operation('MatMul', [windowMatrix(graph, x, g), graph.reshape(filter, [windowSize(g), g.outChannels])]);
    return graph.finish('y', outShapeOf(g), graph.reshape(product, outShapeOf(g)));
  }
  const planes = [graph.transpose(x, [0, 3, 1, 2]), graph.transpose(filter, [3, 2, 0, 1])];
  const y = graph.operation('Conv', planes, { kernel_shape: [g.filterHeight, g.filterWidth], strides: [g.strideHeight, g.strideWidth], pads: padsOf(g) });
  return graph.finish('y', outShapeOf(g), graph.transpose(y, [0, 2, 3, 1]));
}

/** dx from `dy` and `filter`. */
export function inputGradientGraph(g: ConvolutionGeometry): OnnxGraph {
  const graph = new GraphBuilder();
  const [dy, filter] = [graph.input('dy', outShapeOf(g)), graph.input('filter', filterShapeOf(g))];
  const padsFit = g.padTop < g.filterHeight && g.padLeft < g.filterWidth;
  if (isPointwise(g)) {
    const product = graph.operation('Gemm', [graph.reshape(dy, [pixelsOf(g), g.outChannels]), graph.reshape(filter, [g.inChannels, g.outChannels])], { transB: 1 });
    return graph.finish('dx', inShapeOf(g), graph.reshape(product, inShapeOf(g)));
  }
  if (isOneTap(g) || hasFewPixels(g)) return graph.finish('dx', inShapeOf(g), tapByTap(graph, dy, filter, g));
  const planes = graph.transpose(dy, [0, 3, 1, 2]);
  const dx = g.strideHeight === 1 && g.strideWidth === 1 && padsFit ? flippedConvolution(graph, planes, filter, g) : transposedConvolution(graph, planes, filter, g);
  return graph.finish('dx', inShapeOf(g), graph.transpose(dx, [0, 2, 3, 1]));
}

/** dw from `x` and `dy`: one matrix product a filter tap. */
export function filterGradientGraph(g: ConvolutionGeometry): OnnxGraph {
  const graph = new GraphBuilder();
  const [x, dy] = [graph.input('x', inShapeOf(g)), graph.input('dy', outShapeOf(g))];
  const gradient = graph.reshape(dy, [pixelsOf(g), g.outChannels]);
  const taps = isPointwise(g) ? [x] : shiftedImages(graph, x, g);
  const products = taps.map((tap) => graph.operation('Gemm', [graph.reshape(tap, [pixelsOf(g), g.inChannels]), gradient], { transA: 1 }));
  const joined = products.length === 1 ? products[0] : graph.operation('Concat', products, { axis: 0 });
  return graph.finish('dw', filterShapeOf(g), graph.reshape(joined, filterShapeOf(g)));
}

/** Filter windows as a matrix [pixels, Kh Kw Ci]. */
function windowMatrix(graph: GraphBuilder, x: string, g: ConvolutionGeometry): string {
  const taps = isPointwise(g) ? [x] : shiftedImages(graph, x, g);
  const joined = taps.length === 1 ? taps[0] : graph.operation('Concat', taps, { axis: 3 });
  return graph.reshape(joined, [pixelsOf(g), windowSize(g)]);
}

/** For every filter tap the pixels [N, Ho, Wo, Ci] that it meets. */
function shiftedImages(graph: GraphBuilder, x: string, g: ConvolutionGeometry): string[] {
  const [top, left, bottom, right] = padsOf(g);
  const padded = graph.pad(x, [0, top, left, 0], [0, bottom, right, 0]);
  return taps(g).map(([i, j]) => {
    const ends = [i + (g.outHeight - 1) * g.strideHeight + 1, j + (g.outWidth - 1) * g.strideWidth + 1];
    return graph.slice(padded, [i, j], ends, [1, 2], [g.strideHeight, g.strideWidth]);
  });
}

/** dx as the sum over filter taps of dy * tap^T, each spread by the stride and shifted to where the tap lay. */
function tapByTap(graph: GraphBuilder, dy: string, filter: string, g: ConvolutionGeometry): string {
  const gradient = graph.reshape(dy, [pixelsOf(g), g.outChannels]);
  const tapCount = g.filterHeight * g.filterWidth;
  const filters = graph.operations('Split', [graph.reshape(filter, [tapCount * g.inChannels, g.outChannels])], tapCount, { axis: 0, num_outputs: tapCount });
  const [height, width] = [g.outHeight * g.strideHeight, g.outWidth * g.strideWidth];
  const parts = taps(g).map(([i, j], index) => {
    const product = graph.operation('Gemm', [gradient, filters[index]], { transB: 1 });
    const apart = graph.reshape(product, [g.batch, g.outHeight, 1, g.outWidth, 1, g.inChannels]);
    const spread = graph.reshape(graph.pad(apart, [0, 0, 0, 0, 0, 0], [0, 0, g.strideHeight - 1, 0, g.strideWidth - 1, 0]), [g.batch, height, width, g.inChannels]);
    const [top, left] = [i - g.padTop, j - g.padLeft];
    return graph.pad(spread, [0, top, left, 0], [0, g.inHeight - top - height, g.inWidth - left - width, 0]);
  });
  return parts.length === 1 ? parts[0] : graph.operation('Sum', parts);
}

/** @param planes dy as [N, Co, Ho, Wo]. @returns dx as [N, Ci, H, W]; stride 1. */
function flippedConvolution(graph: GraphBuilder, planes: string, filter: string, g: ConvolutionGeometry): string {
  const flipped = graph.slice(filter, [g.filterHeight - 1, g.filterWidth - 1], [-g.filterHeight - 1, -g.filterWidth - 1], [0, 1], [-1, -1]);
  const [top, left] = [g.filterHeight - 1 - g.padTop, g.filterWidth - 1 - g.padLeft];
  const [bottom, right] = [g.inHeight - g.outHeight + g.padTop, g.inWidth - g.outWidth + g.padLeft];
  const attributes = { kernel_shape: [g.filterHeight, g.filterWidth], strides: [1, 1], pads: [top, left, bottom, right] };
  return graph.operation('Conv', [planes, graph.transpose(flipped, [2, 3, 0, 1])], attributes);
}

/** The same for any stride. */
function transposedConvolution(graph: GraphBuilder, planes: string, filter: string, g: ConvolutionGeometry): string {
  const [top, left, bottom, right] = padsOf(g);
  const height = g.inHeight - ((g.outHeight - 1) * g.strideHeight - top - bottom + g.filterHeight);
  const width = g.inWidth - ((g.outWidth - 1) * g.strideWidth - left - right + g.filterWidth);
  const attributes = { kernel_shape: [g.filterHeight, g.filterWidth], strides: [g.strideHeight, g.strideWidth], pads: [top, left, bottom, right], output_padding: [height, width] };
  return graph.operation('ConvTranspose', [planes, graph.transpose(filter, [3, 2, 0, 1])], attributes);
}

const isOneTap = (g: ConvolutionGeometry): boolean => g.filterHeight * g.filterWidth === 1;

/**
 * Where an image has fewer pixels than channels, matrix products by filter tap beat the library's convolution, whose cost is then in turning
 * the filter around: 1.5 to 8 times as fast on the 3 x 3 filters of ResNet-18 at 48, 112 and 224 px.
 */
const hasFewPixels = (g: ConvolutionGeometry): boolean => g.outHeight * g.outWidth <= g.inChannels;

/** With a stride the windows overlap little, and laying them out is cheap: up to twice as fast, but not for an image's few channels. */
const skipsPixels = (g: ConvolutionGeometry): boolean => g.strideHeight * g.strideWidth > 1 && g.inChannels >= 16;

const windowSize = (g: ConvolutionGeometry): number => g.filterHeight * g.filterWidth * g.inChannels;
const pixelsOf = (g: ConvolutionGeometry): number => g.batch * g.outHeight * g.outWidth;

/** Zeros above, left, below and right of the image, as far as windows reach. */
function padsOf(g: ConvolutionGeometry): [top: number, left: number, bottom: number, right: number] {
  const bottom = (g.outHeight - 1) * g.strideHeight + g.filterHeight - g.inHeight - g.padTop;
  const right = (g.outWidth - 1) * g.strideWidth + g.filterWidth - g.inWidth - g.padLeft;
  return [g.padTop, g.padLeft, Math.max(0, bottom), Math.max(0, right)];
}

function taps(g: ConvolutionGeometry): [row: number, column: number][] {
  return Array.from({ length: g.filterHeight * g.filterWidth }, (_, index) => [Math.floor(index / g.filterWidth), index % g.filterWidth]);
}
