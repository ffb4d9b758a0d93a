import { mapped, tableOf } from './lookup-operations.js';
import { channels, type Picture } from './picture.js';

/**
 * PIL's ImageEnhance: a picture between a degenerate version of itself (factor 0) and itself (factor 1), or beyond it.
 * The arithmetic is PIL's too:
 * 32-bit floats, cut to whole numbers.
 */

/** Between grey and the colours. */
export function colour(picture: Picture, factor: number): Picture {
  const { pixels, size } = picture;
  const alpha = Math.fround(factor);
  const result = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += channels) {
    const grey = greyAt(pixels, at);
    for (let channel = at; channel < at + channels; channel++) result[channel] = blended(grey, pixels[channel], alpha);
  }
  return { pixels: result, size };
}

/** Between an even grey of the picture's mean and the picture. */
export function contrast(picture: Picture, factor: number): Picture {
  const { pixels, size } = picture;
  let sum = 0;
  for (let at = 0; at < pixels.length; at += channels) sum += greyAt(pixels, at);
  const mean = Math.trunc(sum / (size * size) + 0.5);
  return towards(picture, mean, factor);
}

/** Between black and the picture. */
export function brightness(picture: Picture, factor: number): Picture {
  return towards(picture, 0, factor);
}

/** Between the picture smoothed by `[1 1 1; 1 5 1; 1 1 1] / 13` and itself; pixels of the border are not smoothed. */
export function sharpness({ pixels, size }: Picture, factor: number): Picture {
  const alpha = Math.fround(factor);
  const result = pixels.slice();
  const row = size * channels;
  for (let y = 1; y < size - 1; y++) {
    for (let at = y * row + channels; at < (y + 1) * row - channels; at++) {
      let around = 4 * pixels[at];
      for (let line = at - row; line <= at + row; line += row)
        around += pixels[line - channels] + pixels[line] + pixels[line + channels];
      const smooth = Math.floor((2 * around + 13) / 26);
      result[at] = blended(smooth, pixels[at], alpha);
    }
  }
  return { pixels: result, size };
}

function towards(picture: Picture, degenerate: number, factor: number): Picture {
  const alpha = Math.fround(factor);
  const table = tableOf((value) => blended(degenerate, value, alpha));
  return mapped(picture, () => table);
}

function blended(from: number, to: number, alpha: number): number {
  const value = Math.fround(from + Math.fround(alpha * (to - from)));
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
}

/** Luma of ITU-R 601-2 in 16-bit fixed point. */
function greyAt(pixels: Uint8Array, at: number): number {
  return (pixels[at] * 19595 + pixels[at + 1] * 38470 + pixels[at + 2] * 7471 + 0x8000) >> 16;
}
