import sharp, { type Sharp, type SharpInput } from 'sharp';
import { bilinearResize } from './bilinear-resize.js';

/**
 * Formats that are read and served. Others that sharp knows, SVG above all, stay out: a browser would run their
 * scripts.
 */
export const contentTypes: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  tiff: 'image/tiff',
};

/** A strip that is longer than this is no picture of a face, and not worth its memory. */
const largestEnlarged = 4096;

/** What shows through where an image is transparent. */
const paper = '#ffffff';

/**
 * The one way in which pixels are read, for training, thumbnails and full size alike: turned as EXIF says, transparency
 * laid on white, embedded
 * profiles, CMYK, grey, palettes and 16 bits a channel brought to 8-bit sRGB with three channels. An image of several
 * pages gives its first.
 */
export function upright(input: SharpInput): Sharp {
  return sharp(input, { failOn: 'error' }).autoOrient().flatten({ background: paper }).toColourspace('srgb');
}

/**
 * RGB bytes of the image stretched to a square, `[size, size, 3]`: what a network is shown. @throws Error with the
 * decoder's words.
 */
export async function squarePixels(input: SharpInput, size: number): Promise<Uint8Array> {
  const { width: stored, height: storedHeight, autoOrient } = await sharp(input).metadata();
  const [width, height] = [autoOrient?.width ?? stored, autoOrient?.height ?? storedHeight];
  const enlarges = width < size || height < size;
  // Shrinking is libvips', while it decodes, where the image is at least as large; enlarging is not (see
  // `bilinearResize`).
  if (!enlarges || Math.max(width, height) > largestEnlarged)
    return upright(input).resize(size, size, { fit: 'fill', kernel: 'linear' }).raw({ depth: 'uchar' }).toBuffer();
  return bilinearResize({ data: await upright(input).raw({ depth: 'uchar' }).toBuffer(), width, height }, size, size);
}
