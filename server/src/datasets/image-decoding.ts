import sharp, { type Sharp, type SharpInput } from 'sharp';

/** Formats that are read and served. Others that sharp knows, SVG above all, stay out: a browser would run their scripts. */
export const contentTypes: Readonly<Record<string, string>> = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', tiff: 'image/tiff' };

/** What shows through where an image is transparent. */
const paper = '#ffffff';

/**
 * The one way in which pixels are read, for training, thumbnails and full size alike: turned as EXIF says, transparency laid on white, embedded
 * profiles, CMYK, grey, palettes and 16 bits a channel brought to 8-bit sRGB with three channels. An image of several pages gives its first.
 */
export function upright(input: SharpInput): Sharp {
  return sharp(input, { failOn: 'error' }).autoOrient().flatten({ background: paper }).toColourspace('srgb');
}

/** RGB bytes of the image stretched to a square, `[size, size, 3]`: what a network is shown. @throws Error with the decoder's words. */
export function squarePixels(input: SharpInput, size: number): Promise<Uint8Array> {
  return upright(input).resize(size, size, { fit: 'fill', kernel: 'linear' }).raw({ depth: 'uchar' }).toBuffer();
}
