import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Reading } from '../../untrusted/reading.js';
import { contentTypes, decodeInTurn, measure, pictureLimits, squarePixels, upright } from './image-decoding.js';

/** Changes when the same file and size would give other bytes, so that no browser keeps an old picture. */
export const pictureVersion = 3;

export interface Picture {
  type: string;
  body: Buffer;
  /** SHA-256 of the file it was made from, hexadecimal. */
  contentHash: string;
}

/**
 * An image file for a browser. With a size: a square PNG of that many pixels, stretched as
 * training stretches it. Without: the file itself where every browser
 * shows it as training sees it (8-bit grey or RGB without transparency, as JPEG, PNG or WebP), else a PNG of the same
 * pixels.
 * @throws Error with the decoder's words when the file is no whole image of an accepted format.
 */
export async function pictureOf(file: string, size: number | null): Promise<Picture> {
  const bytes = await readFile(file);
  const contentHash = createHash('sha256').update(bytes).digest('hex');
  const { format, metadata, ...sides } = await measure(bytes);
  const { space = '', depth, hasAlpha } = metadata;
  const type = contentTypes[format];
  if (size !== null) {
    const raw = { width: size, height: size, channels: 3 as const };
    const body = await sharp(await squarePixels(bytes, size), { raw })
      .png({ compressionLevel: 6 })
      .toBuffer();
    return { type: contentTypes['png'], body, contentHash };
  }
  const shownAlike = format !== 'tiff' && ['srgb', 'b-w'].includes(space) && depth === 'uchar' && !hasAlpha;
  if (shownAlike) return { type, body: bytes, contentHash };
  return {
    type: contentTypes['png'],
    body: await decodeInTurn(sides, async () =>
      (await upright(bytes, metadata)).png({ compressionLevel: 6 }).toBuffer(),
    ),
    contentHash,
  };
}

/** `pictureOf` for a reader. A picture within the limits takes a second or two at most. */
export const pictureReading: Reading<{ file: string; size: number | null }, Picture> = {
  name: 'picture',
  limits: pictureLimits,
  read: async ({ file, size }) => {
    const { type, body, contentHash } = await pictureOf(file, size);
    return { type, body: Buffer.from(body), contentHash };
  },
};
