import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { contentTypes, upright } from './image-decoding.js';

export interface InspectedImage {
  /** SHA-256 of the bytes, hexadecimal. */
  contentHash: string;
  format: string;
  /** Pixels as shown: EXIF orientation applied. */
  width: number;
  height: number;
}

/** Larger files are hashed as a stream and decoded from the disk, so that a few of them at a time do not fill the memory. */
const heldInMemory = 8 * 1024 ** 2;

/** Side of the picture every image is decoded to once, so that one whose pixels are broken is found at import and not in a training. */
const trialSize = 16;

/** Reads all of an image file. @throws Error with the reason when it is no whole image of an accepted format. */
export async function inspectFile(file: string): Promise<InspectedImage> {
  const { size } = await stat(file);
  if (size <= heldInMemory) return inspectBytes(await readFile(file));
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { contentHash: hash.digest('hex'), ...(await decoded(file)) };
}

/** As `inspectFile`, for an image in memory. */
export async function inspectBytes(bytes: Uint8Array): Promise<InspectedImage> {
  return { contentHash: createHash('sha256').update(bytes).digest('hex'), ...(await decoded(bytes)) };
}

async function decoded(input: Uint8Array | string): Promise<Omit<InspectedImage, 'contentHash'>> {
  const { width, height, format, autoOrient } = await sharp(input).metadata();
  if (!format || !(format in contentTypes)) throw new Error(`format ${format} is not one of ${Object.keys(contentTypes).join(', ')}`);
  await upright(input).resize(trialSize, trialSize, { fit: 'fill' }).raw().toBuffer();
  return { format, width: autoOrient?.width ?? width, height: autoOrient?.height ?? height };
}
