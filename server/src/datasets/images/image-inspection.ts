import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { decodeInTurn, measure, upright } from './image-decoding.js';

export interface InspectedImage {
  /** SHA-256 of the bytes, hexadecimal. */
  contentHash: string;
  format: string;
  /** See `Sample.pixelHash`: 32 hexadecimal digits. */
  pixelHash: string;
  /** Pixels as shown: EXIF orientation applied. */
  width: number;
  height: number;
}

/**
 * Larger files are hashed as a stream and decoded from the disk, so that a few of them at a time do not fill the
 * memory.
 */
const heldInMemory = 8 * 1024 ** 2;

/** Larger pictures are hashed as they look at this size, so that a few of them at a time do not fill the memory. */
const largestHashedSide = 2048;

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
  const { format, width, height } = await measure(input);
  const shown = { width, height };
  return { format, pixelHash: await decodeInTurn(shown, () => pixelHash(input, shown)), ...shown };
}

/** Decodes the whole picture: one whose pixels are broken is found at import and not in a training. */
async function pixelHash(
  input: Uint8Array | string,
  { width, height }: { width: number; height: number },
): Promise<string> {
  const picture =
    Math.max(width, height) <= largestHashedSide
      ? upright(input)
      : upright(input).resize(largestHashedSide, largestHashedSide, { fit: 'inside' });
  const pixels = await picture.raw({ depth: 'uchar' }).toBuffer();
  return createHash('sha256').update(`${width}x${height}\n`).update(pixels).digest('hex').slice(0, 32);
}
