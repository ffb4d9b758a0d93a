/** A convolution and its gradients as plain loops in double precision: what every kernel is compared with. */
export interface PlainConvolution {
  batch: number;
  height: number;
  width: number;
  inChannels: number;
  outChannels: number;
  kernel: number;
  stride: number;
  pad: number;
}

/**
 * Kernels 1, 3 and 7, strides 1 and 2, odd and even sizes, not square, channel counts that are no multiple of 4 or 8, a
 * single pixel.
 */
export const CASES: PlainConvolution[] = [
  [2, 7, 7, 5, 6, 3, 1, 1],
  [3, 8, 8, 4, 9, 3, 2, 1],
  [2, 7, 5, 4, 5, 3, 2, 1],
  [2, 9, 9, 3, 4, 7, 2, 3],
  [2, 12, 10, 3, 8, 7, 2, 3],
  [2, 6, 6, 5, 3, 1, 2, 0],
  [2, 7, 7, 8, 16, 1, 2, 0],
  [4, 5, 5, 8, 8, 1, 1, 0],
  [2, 3, 3, 6, 6, 3, 2, 1],
  [2, 2, 2, 16, 16, 3, 1, 1],
  [1, 12, 12, 16, 16, 3, 1, 1],
  [2, 1, 1, 8, 8, 3, 1, 1],
  [9, 12, 12, 16, 16, 3, 1, 1],
  [20, 6, 6, 24, 32, 3, 2, 1],
  [2, 11, 8, 12, 20, 3, 1, 0],
  [3, 6, 6, 40, 300, 1, 1, 0],
].map(([batch, height, width, inChannels, outChannels, kernel, stride, pad]) => ({
  batch,
  height,
  width,
  inChannels,
  outChannels,
  kernel,
  stride,
  pad,
}));

export const titleOf = (c: PlainConvolution): string =>
  `${c.batch}x${c.height}x${c.width}x${c.inChannels} -> ${c.outChannels}, kernel ${c.kernel}, stride ${c.stride}, pad ${c.pad}`;

export const outSize = (size: number, c: PlainConvolution): number =>
  Math.floor((size + 2 * c.pad - c.kernel) / c.stride) + 1;

/** @returns y, the gradient of sum(y * dy) in x and the one in the filter. */
export function plainConvolution(
  c: PlainConvolution,
  x: Float32Array,
  filter: Float32Array,
  dy: Float32Array,
): Record<'y' | 'dx' | 'dw', Float64Array> {
  const [outHeight, outWidth] = [outSize(c.height, c), outSize(c.width, c)];
  const y = new Float64Array(c.batch * outHeight * outWidth * c.outChannels);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(filter.length);
  for (let n = 0; n < c.batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const out = ((n * outHeight + oy) * outWidth + ox) * c.outChannels;
        for (let ky = 0; ky < c.kernel; ky++) {
          for (let kx = 0; kx < c.kernel; kx++) {
            const iy = oy * c.stride + ky - c.pad;
            const ix = ox * c.stride + kx - c.pad;
            if (iy < 0 || iy >= c.height || ix < 0 || ix >= c.width) continue;
            const input = ((n * c.height + iy) * c.width + ix) * c.inChannels;
            for (let ci = 0; ci < c.inChannels; ci++) {
              const weights = ((ky * c.kernel + kx) * c.inChannels + ci) * c.outChannels;
              for (let co = 0; co < c.outChannels; co++) {
                y[out + co] += x[input + ci] * filter[weights + co];
                dx[input + ci] += dy[out + co] * filter[weights + co];
                dw[weights + co] += dy[out + co] * x[input + ci];
              }
            }
          }
        }
      }
    }
  }
  return { y, dx, dw };
}

/** Largest difference, as a share of the largest expected value. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    const d = Math.abs(found[i] - expected[i]);
    if (!(d <= difference)) difference = d;
  }
  return difference / (largest || 1);
}
