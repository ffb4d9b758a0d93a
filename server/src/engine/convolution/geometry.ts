import * as tf from '@tensorflow/tfjs-core';

/**
 * Sizes of one convolution y = x * filter with NHWC tensors: x `[N, H, W, Ci]`, filter `[Kh, Kw, Ci, Co]`, y `[N, Ho,
 * Wo, Co]`.
 * Padding is zeros. Below and right of the image there may be more or fewer of them than `padTop` and `padLeft`: Ho and
 * Wo say where it ends.
 */
export interface ConvolutionGeometry {
  batch: number;
  inHeight: number;
  inWidth: number;
  inChannels: number;
  filterHeight: number;
  filterWidth: number;
  outHeight: number;
  outWidth: number;
  outChannels: number;
  strideHeight: number;
  strideWidth: number;
  padTop: number;
  padLeft: number;
}

/** The attributes that Conv2D, Conv2DBackpropInput and Conv2DBackpropFilter share. */
export type ConvolutionAttributes = Pick<tf.Conv2DAttrs, 'strides' | 'pad' | 'dataFormat' | 'dimRoundingMode'> &
  Partial<Pick<tf.Conv2DAttrs, 'dilations'>>;

type Shape4D = [number, number, number, number];

/** @returns undefined for a convolution of a kind that the added kernels do not compute: dilated, grouped or NCHW. */
export function geometryOf(
  inShape: number[],
  filterShape: number[],
  attributes: ConvolutionAttributes,
): ConvolutionGeometry | undefined {
  if (attributes.dataFormat === 'NCHW') return undefined;
  const { strides, pad, dimRoundingMode, dilations } = attributes;
  const info = tf.backend_util.computeConv2DInfo(
    inShape as Shape4D,
    filterShape as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
  );
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1 || filterShape[2] !== info.inChannels) return undefined;
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
}

export const inShapeOf = (g: ConvolutionGeometry): Shape4D => [g.batch, g.inHeight, g.inWidth, g.inChannels];
export const filterShapeOf = (g: ConvolutionGeometry): Shape4D => [
  g.filterHeight,
  g.filterWidth,
  g.inChannels,
  g.outChannels,
];
export const outShapeOf = (g: ConvolutionGeometry): Shape4D => [g.batch, g.outHeight, g.outWidth, g.outChannels];

/** A 1 x 1 convolution with stride 1 and no padding: a matrix product of pixels and filter. */
export function isPointwise(g: ConvolutionGeometry): boolean {
  return (
    g.filterHeight === 1 &&
    g.filterWidth === 1 &&
    g.strideHeight === 1 &&
    g.strideWidth === 1 &&
    g.padTop === 0 &&
    g.padLeft === 0 &&
    g.outHeight === g.inHeight &&
    g.outWidth === g.inWidth
  );
}

/** Values under one filter: Kh Kw Ci. */
export const windowSize = (g: ConvolutionGeometry): number => g.filterHeight * g.filterWidth * g.inChannels;
/** Output pixels of the batch: N Ho Wo. */
export const pixelsOf = (g: ConvolutionGeometry): number => g.batch * g.outHeight * g.outWidth;
