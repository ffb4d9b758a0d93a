import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { contentTypes, upright } from './image-decoding.js';

/** Changes when the same file and size would give other bytes, so that no browser keeps an old picture. */
export const pictureVersion = 2;

export interface Picture {
  type: string;
  body: Buffer;
  /** SHA-256 of the file it was made from, hexadecimal. */
  contentHash: string;
}

/**
 * An image file for a browser. With a size: a square PNG of that many pixels, the middle of the image. Without: the
 * file itself where every browser
 * shows it as training sees it (8-bit grey or RGB without transparency, as JPEG, PNG or WebP), else a PNG of the same
 * pixels.
 * @throws Error with the decoder's words when the file is no whole image of an accepted format.
 */
export async function pictureOf(file: string, size: number | null): Promise<Picture> {
  const bytes = await readFile(file);
  const contentHash = createHash('sha256').update(bytes).digest('hex');
  const { format = '', space = '', depth, hasAlpha } = await sharp(bytes).metadata();
  const type = contentTypes[format];
  if (!type) throw new Error(`format ${format} is not one of ${Object.keys(contentTypes).join(', ')}`);
  if (size !== null) {
    const body = await upright(bytes).resize(size, size, { fit: 'cover' }).png({ compressionLevel: 6 }).toBuffer();
    return { type: contentTypes['png']!, body, contentHash };
  }
  const shownAlike = format !== 'tiff' && ['srgb', 'b-w'].includes(space) && depth === 'uchar' && !hasAlpha;
  if (shownAlike) return { type, body: bytes, contentHash };
  return {
    type: contentTypes['png']!,
    body: await upright(bytes).png({ compressionLevel: 6 }).toBuffer(),
    contentHash,
  };
}
