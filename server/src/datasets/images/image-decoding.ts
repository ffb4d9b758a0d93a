import sharp, { type Metadata, type Sharp, type SharpInput } from 'sharp';
import { Turns } from '../../turns.js';
import type { ReadingLimits } from '../../untrusted/reading.js';
import { bilinearResize } from './bilinear-resize.js';
import { eightBit } from './eight-bit.js';

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

/** Larger pictures are refused before they are decoded: 50 megapixels take up to 400 MB on the way. */
const mostPixels = 50_000_000;
/** Of all pictures that this process decodes at the same time. */
const pixelsAtOnce = 64_000_000;

/** For one picture, in a process of its own. */
export const pictureLimits: ReadingLimits = { seconds: 30, silentSeconds: 30, megabytes: 1000 };

/** A strip that is longer than this is no picture of a face, and not worth its memory. */
const largestEnlarged = 4096;

/** What shows through where an image is transparent. */
const paper = '#ffffff';

/**
 * The one way in which pixels are read, for training, thumbnails and full size alike: turned as EXIF says, transparency
 * laid on white, embedded
 * profiles, CMYK, grey, palettes, 16 bits and numbers with a point brought to 8-bit sRGB with three channels. An image of several
 * pages gives its first. @throws Error for numbers whose range nobody can know (see `eightBit`).
 */
export async function upright(input: SharpInput, known?: Metadata): Promise<Sharp> {
  const metadata = known ?? (await sharp(input, { limitInputPixels: mostPixels }).metadata());
  return sharp(await eightBit(input, metadata), { failOn: 'error', limitInputPixels: mostPixels })
    .autoOrient()
    .flatten({ background: paper })
    .toColourspace('srgb');
}

/** What the header of a picture says; sides upright. */
export interface Measured {
  width: number;
  height: number;
  format: string;
  metadata: Metadata;
}

/** @throws Error for a format that is not read, and for more pixels than are. Decodes nothing. */
export async function measure(input: SharpInput): Promise<Measured> {
  const metadata = await sharp(input, { limitInputPixels: false }).metadata();
  const { width: stored, height: storedHeight, autoOrient, format } = metadata;
  if (!format || !Object.hasOwn(contentTypes, format))
    throw new Error(`format ${format} is not one of ${Object.keys(contentTypes).join(', ')}`);
  const [width, height] = [autoOrient?.width ?? stored, autoOrient?.height ?? storedHeight];
  if (width * height > mostPixels)
    throw new Error(`it has ${width} x ${height} pixels; at most ${mostPixels / 1e6} megapixels are read`);
  return { width, height, format, metadata };
}

const turns = new Turns(pixelsAtOnce);

/** Decodes when there is room beside the pictures that are decoded now: large ones one after the other. */
export function decodeInTurn<T>(
  { width, height }: { width: number; height: number },
  decode: () => Promise<T>,
): Promise<T> {
  return turns.take(width * height, decode);
}

/**
 * RGB bytes of the image stretched to a square, `[size, size, 3]`: what a network is shown. @throws Error with the
 * decoder's words.
 */
export async function squarePixels(input: SharpInput, size: number): Promise<Uint8Array> {
  const measured = await measure(input);
  return decodeInTurn(measured, () => squareOf(input, measured, size));
}

async function squareOf(input: SharpInput, { width, height, metadata }: Measured, size: number): Promise<Uint8Array> {
  const enlarges = width < size || height < size;
  const whole = await upright(input, metadata);
  // Shrinking is libvips', while it decodes, where the image is at least as large; enlarging is not (see
  // `bilinearResize`).
  if (!enlarges || Math.max(width, height) > largestEnlarged)
    return whole.resize(size, size, { fit: 'fill', kernel: 'linear' }).raw({ depth: 'uchar' }).toBuffer();
  return bilinearResize({ data: await whole.raw({ depth: 'uchar' }).toBuffer(), width, height }, size, size);
}
