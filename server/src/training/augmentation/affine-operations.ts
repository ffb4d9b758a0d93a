import { channels, type Fill, type Picture } from './picture.js';

/**
 * PIL's `Image.transform(AFFINE, BILINEAR, fillcolor)`: where each pixel of the result comes from, `x' = a x + b y +
 * c`, `y' = d x + e y + f`.
 */
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Counterclockwise about the middle. */
export function rotate(picture: Picture, degrees: number, fill: Fill): Picture {
  if (degrees % 360 === 0) return picture;
  const angle = -(((degrees % 360) + 360) % 360) * (Math.PI / 180);
  const [cosine, sine] = [roundedTo15(Math.cos(angle)), roundedTo15(Math.sin(angle))];
  const middle = picture.size / 2;
  const shiftX = -cosine * middle - sine * middle + middle;
  const shiftY = sine * middle - cosine * middle + middle;
  return affine(picture, [cosine, sine, shiftX, -sine, cosine, shiftY], fill);
}

export function shearX(picture: Picture, factor: number, fill: Fill): Picture {
  return affine(picture, [1, factor, 0, 0, 1, 0], fill);
}

export function shearY(picture: Picture, factor: number, fill: Fill): Picture {
  return affine(picture, [1, 0, 0, factor, 1, 0], fill);
}

/** @param share of the picture's side by which the content moves to the left. */
export function translateX(picture: Picture, share: number, fill: Fill): Picture {
  return affine(picture, [1, 0, share * picture.size, 0, 1, 0], fill);
}

/** @param share of the picture's side by which the content moves up. */
export function translateY(picture: Picture, share: number, fill: Fill): Picture {
  return affine(picture, [1, 0, 0, 0, 1, share * picture.size], fill);
}

function affine({ pixels, size }: Picture, [a, b, c, d, e, f]: Matrix, fill: Fill): Picture {
  const result = new Uint8Array(pixels.length);
  let to = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++, to += channels) {
      const x = a * (column + 0.5) + b * (row + 0.5) + c;
      const y = d * (column + 0.5) + e * (row + 0.5) + f;
      if (x < 0 || x >= size || y < 0 || y >= size) result.set(fill, to);
      else sample(pixels, size, x - 0.5, y - 0.5, result, to);
    }
  }
  return { pixels: result, size };
}

/** Between the four pixels around (x, y); those outside are the nearest inside. Cut to whole numbers, as PIL does. */
function sample(pixels: Uint8Array, size: number, x: number, y: number, result: Uint8Array, to: number): void {
  const last = size - 1;
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - column, y - row];
  const left = column < 0 ? 0 : column;
  const right = column < last ? column + 1 : last;
  const upper = row < 0 ? 0 : row;
  const lower = row < last ? row + 1 : upper;
  const [upperLeft, upperRight] = [(upper * size + left) * channels, (upper * size + right) * channels];
  const [lowerLeft, lowerRight] = [(lower * size + left) * channels, (lower * size + right) * channels];
  for (let channel = 0; channel < channels; channel++) {
    const above = pixels[upperLeft + channel] + (pixels[upperRight + channel] - pixels[upperLeft + channel]) * dx;
    const below = pixels[lowerLeft + channel] + (pixels[lowerRight + channel] - pixels[lowerLeft + channel]) * dx;
    result[to + channel] = above + (below - above) * dy;
  }
}

/** PIL rounds the matrix of a rotation, so that a quarter turn hits pixels exactly. */
function roundedTo15(value: number): number {
  return Math.round(value * 1e15) / 1e15;
}
