import { measure, pictureLimits, squarePixels } from '../datasets/images/image-decoding.js';
import { messageOf, PlatformError } from '../errors.js';
import type { Reading } from '../untrusted/reading.js';
import { normaliseInto } from '../training/augmentation/normalise.js';
import { cropsOfTen, enlargedFor, tenCropsInto } from '../training/augmentation/ten-crop.js';

/** An image as a network is shown it. */
export interface ImageViews {
  /** `[views, size, size, 3]`, normalised. */
  pixels: Float32Array;
  size: number;
  views: number;
  /** Of the image as it came, upright. */
  width: number;
  height: number;
}

/**
 * Of an image of any size and orientation: stretched to the square, or ten crops of a larger square. @throws
 * PlatformError UNREADABLE_IMAGE
 */
export async function readImageViews(file: string, size: number, tenCrop: boolean): Promise<ImageViews> {
  try {
    const { width, height } = await measure(file);
    const views = tenCrop ? cropsOfTen : 1;
    const stored = tenCrop ? enlargedFor(size) : size;
    const bytes = await squarePixels(file, stored);
    const pixels = new Float32Array(views * size * size * 3);
    if (tenCrop) tenCropsInto(pixels, 0, bytes, stored, size);
    else normaliseInto(pixels, 0, bytes, { size, mirrored: false });
    return { pixels, size, views, width, height };
  } catch (error) {
    throw new PlatformError('UNREADABLE_IMAGE', `The image cannot be read: ${messageOf(error).split('\n')[0]}.`);
  }
}

/** `readImageViews` for a reader. */
export const imageViewsReading: Reading<{ file: string; size: number; tenCrop: boolean }, ImageViews> = {
  name: 'image views',
  limits: pictureLimits,
  read: ({ file, size, tenCrop }) => readImageViews(file, size, tenCrop),
};
