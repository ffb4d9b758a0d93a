import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { decodeInTurn, measure, type Measured, upright } from './image-decoding.js';
import { lookOf, type PictureLook } from '../details/picture-look.js';
import { faultBytes, faultOf } from './image-faults.js';

export interface InspectedImage extends PictureLook {
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
  try {
    const measured = await measure(input);
    const { format, width, height } = measured;
    return { format, ...(await decodeInTurn(measured, () => lookAtPixels(input, measured))), width, height };
  } catch (error) {
    throw await withFault(input, error);
  }
}

/** The error in words of a person, where the bytes say what they are. */
async function withFault(input: Uint8Array | string, error: unknown): Promise<unknown> {
  const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
  // What this program itself says of the pixels is said well.
  if (!/^(Input|Vips|vips|format|[a-z]+load|[a-z]+2vips)/i.test(said)) return error;
  const [head, tail] =
    typeof input === 'string' ? await endsOf(input) : [input.subarray(0, faultBytes), input.subarray(-faultBytes)];
  const fault = faultOf(head, tail, said.replace(/^Input (file|buffer) /, 'it '));
  return fault === null ? error : new Error(fault, { cause: error });
}

async function endsOf(file: string): Promise<[Uint8Array, Uint8Array]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const [head, tail] = [Buffer.alloc(faultBytes), Buffer.alloc(faultBytes)];
    const first = await handle.read(head, 0, faultBytes, 0);
    const last = await handle.read(tail, 0, faultBytes, Math.max(0, size - faultBytes));
    return [head.subarray(0, first.bytesRead), tail.subarray(0, last.bytesRead)];
  } finally {
    await handle.close();
  }
}

/** Decodes the whole picture: one whose pixels are broken is found at import and not in a training. */
async function lookAtPixels(
  input: Uint8Array | string,
  { width, height, metadata }: Measured,
): Promise<Pick<InspectedImage, 'pixelHash'> & PictureLook> {
  const whole = await upright(input, metadata);
  const picture =
    Math.max(width, height) <= largestHashedSide
      ? whole
      : whole.resize(largestHashedSide, largestHashedSide, { fit: 'inside' });
  const { data: pixels, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const hash = createHash('sha256').update(`${width}x${height}\n`).update(pixels).digest('hex');
  return { pixelHash: hash.slice(0, 32), ...lookOf(pixels, info) };
}
