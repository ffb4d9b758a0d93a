import sharp from 'sharp';
import { contentTypes, squarePixels } from '../datasets/images/image-decoding.js';
import { messageOf, PlatformError } from '../errors.js';
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
    const { format, autoOrient } = await sharp(file).metadata();
    if (!contentTypes[format ?? ''])
      throw new Error(`format ${format} is not one of ${Object.keys(contentTypes).join(', ')}`);
    const views = tenCrop ? cropsOfTen : 1;
    const stored = tenCrop ? enlargedFor(size) : size;
    const bytes = await squarePixels(file, stored);
    const pixels = new Float32Array(views * size * size * 3);
    if (tenCrop) tenCropsInto(pixels, 0, bytes, stored, size);
    else normaliseInto(pixels, 0, bytes, { size, mirrored: false });
    return { pixels, size, views, width: autoOrient.width, height: autoOrient.height };
  } catch (error) {
    throw new PlatformError('UNREADABLE_IMAGE', `The image cannot be read: ${messageOf(error).split('\n')[0]}.`);
  }
}
