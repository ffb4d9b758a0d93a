import * as tf from '@tensorflow/tfjs-core';
import type { Convolutions } from '../convolution/convolutions.js';
import { inShapeOf, isPointwise, type ConvolutionGeometry } from '../convolution/geometry.js';

/**
 * Convolution gradients as compositions of the backend's forward kernels. tfjs-wasm has no filter gradient at all, and
 * its input gradient is
 * a plain loop. Forward stays the backend's own kernel.
 */
export const composedGradients: Pick<Convolutions, 'inputGradient' | 'filterGradient'> = {
  inputGradient: (dy, filter, g) =>
    tf.tidy(() => convolutionInputGradient(dy as tf.Tensor4D, filter as tf.Tensor4D, g)),
  filterGradient: (x, dy, g) => tf.tidy(() => convolutionFilterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, g)),
};

/**
 * Gradient of a convolution with respect to its input, from forward convolutions: the input's pixels fall into stride x
 * stride phases, and
 * every phase is the convolution of dy with those filter taps that reach it, flipped.
 * @param dy `[N, Ho, Wo, Co]`
 * @param filter `[Kh, Kw, Ci, Co]`
 * @returns `[N, H, W, Ci]`
 */
function convolutionInputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, g: ConvolutionGeometry): tf.Tensor4D {
  const swapped = tf.transpose(filter, [0, 1, 3, 2]);
  const rows = range(g.strideHeight).map((offset) =>
    phaseOf(offset, g.strideHeight, g.padTop, g.inHeight, g.outHeight, g.filterHeight),
  );
  const columns = range(g.strideWidth).map((offset) =>
    phaseOf(offset, g.strideWidth, g.padLeft, g.inWidth, g.outWidth, g.filterWidth),
  );
  const phases = rows.map((row) => columns.map((column) => phaseGradient(dy, swapped, row, column, g)));
  return interleave(phases, g);
}

/** Along one axis: the pixels offset, offset + stride, ... of the input. */
interface Phase {
  /** Filter taps that reach these pixels, last first. */
  taps: number[];
  /**
   * Rows of zeros to put before and after dy (where negative: rows of dy to leave out), so that a 'valid' convolution
   * gives `count` pixels.
   */
  before: number;
  after: number;
  count: number;
}

function phaseOf(
  offset: number,
  stride: number,
  pad: number,
  inSize: number,
  outSize: number,
  filterSize: number,
): Phase {
  const firstTap = (offset + pad) % stride;
  const taps = range(filterSize)
    .filter((tap) => tap % stride === firstTap)
    .reverse();
  const count = Math.ceil(inSize / stride);
  const firstOut = (offset + pad - firstTap) / stride;
  return { taps, before: taps.length - 1 - firstOut, after: count + firstOut - outSize, count };
}

/** @returns `[N, rows.count, columns.count, Ci]` */
function phaseGradient(
  dy: tf.Tensor4D,
  swapped: tf.Tensor4D,
  row: Phase,
  column: Phase,
  g: ConvolutionGeometry,
): tf.Tensor4D {
  if (row.taps.length === 0 || column.taps.length === 0)
    return tf.zeros([g.batch, row.count, column.count, g.inChannels]);
  const indices = row.taps.flatMap((r) => column.taps.map((c) => r * g.filterWidth + c));
  const byTap = tf.reshape(swapped, [g.filterHeight * g.filterWidth, g.outChannels, g.inChannels]);
  // tfjs-wasm gathers twenty times as slowly as it slices.
  const taps = indices.map((tap) => tf.slice(byTap, [tap, 0, 0], [1, g.outChannels, g.inChannels]));
  const filter = tf.reshape(tf.concat(taps, 0), [
    row.taps.length,
    column.taps.length,
    g.outChannels,
    g.inChannels,
  ]) as tf.Tensor4D;
  return tf.conv2d(cropOrPad(dy, row, column), filter, 1, 'valid');
}

function cropOrPad(dy: tf.Tensor4D, row: Phase, column: Phase): tf.Tensor4D {
  const edges = [row.before, row.after, column.before, column.after];
  const [top, bottom, left, right] = edges.map((edge) => Math.max(0, -edge));
  const [batch, height, width, channels] = dy.shape;
  const cropped =
    top + bottom + left + right === 0
      ? dy
      : tf.slice(dy, [0, top, left, 0], [batch, height - top - bottom, width - left - right, channels]);
  const [above, below, before, after] = edges.map((edge) => Math.max(0, edge));
  return above + below + before + after === 0
    ? cropped
    : tf.pad(cropped, [
        [0, 0],
        [above, below],
        [before, after],
        [0, 0],
      ]);
}

function interleave(phases: tf.Tensor4D[][], g: ConvolutionGeometry): tf.Tensor4D {
  const [batch, height, width, channels] = phases[0][0].shape;
  const across = phases.map((row) =>
    row.length === 1 ? row[0] : tf.reshape(tf.stack(row, 3), [batch, height, width * row.length, channels]),
  );
  const wide = width * phases[0].length;
  const whole =
    across.length === 1 ? across[0] : tf.reshape(tf.stack(across, 2), [batch, height * across.length, wide, channels]);
  const fits = height * across.length === g.inHeight && wide === g.inWidth;
  return (fits ? whole : tf.slice(whole, [0, 0, 0, 0], inShapeOf(g))) as tf.Tensor4D;
}

/**
 * Gradient of a convolution with respect to its filter: the convolution of x with dy where channels and batch have
 * changed places, and
 * stride has become dilation.
 * @param x `[N, H, W, Ci]`
 * @param dy `[N, Ho, Wo, Co]`
 * @returns `[Kh, Kw, Ci, Co]`
 */
function convolutionFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, g: ConvolutionGeometry): tf.Tensor4D {
  if (isPointwise(g)) {
    const pixels = g.batch * g.outHeight * g.outWidth;
    const product = tf.matMul(tf.reshape(x, [pixels, g.inChannels]), tf.reshape(dy, [pixels, g.outChannels]), true);
    return tf.reshape(product, [1, 1, g.inChannels, g.outChannels]);
  }
  const below = Math.max(0, g.filterHeight + g.strideHeight * (g.outHeight - 1) - g.inHeight - g.padTop);
  const right = Math.max(0, g.filterWidth + g.strideWidth * (g.outWidth - 1) - g.inWidth - g.padLeft);
  const padded =
    g.padTop + g.padLeft + below + right === 0
      ? x
      : tf.pad(x, [
          [0, 0],
          [g.padTop, below],
          [g.padLeft, right],
          [0, 0],
        ]);
  const images = tf.transpose(padded, [3, 1, 2, 0]);
  const filters = tf.transpose(dy, [1, 2, 0, 3]);
  const gradient = tf.conv2d(images, filters, 1, 'valid', 'NHWC', [g.strideHeight, g.strideWidth]);
  const fits = gradient.shape[1] === g.filterHeight && gradient.shape[2] === g.filterWidth;
  const cropped = fits
    ? gradient
    : tf.slice(gradient, [0, 0, 0, 0], [g.inChannels, g.filterHeight, g.filterWidth, g.outChannels]);
  return tf.transpose(cropped, [1, 2, 0, 3]);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
