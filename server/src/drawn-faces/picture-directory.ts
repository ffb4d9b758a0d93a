import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { ConflictError } from '../errors.js';
import { type Drawing, drawPictures } from './draw-pictures.js';
import type { DrawnFace } from './drawn-face.js';

/** Written last: a directory with it is complete. Its text says what was drawn. */
const markerName = 'drawn-faces.json';

export interface PictureDirectory extends Drawing {
  /** What the pictures depend on, as JSON. */
  description: string;
  onPicture?: (() => void) | undefined;
}

/** Relative to the directory. */
export function picturePath(face: DrawnFace): string {
  return `${face.split.toLowerCase()}/${face.subject}/${face.key}.png`;
}

/**
 * Whether the directory holds the pictures of this description already. @throws ConflictError when it holds anything
 * else.
 */
export async function isDrawn(directory: string, description: string): Promise<boolean> {
  if (!(await stat(directory).catch(() => null))) return false;
  if ((await drawnIn(directory)) === description) return true;
  throw new ConflictError(`The directory ${directory} exists, with other contents. Choose another or remove it.`, {
    directory,
  });
}

/** The description of the pictures in a directory; null where none were drawn into it whole. */
export function drawnIn(directory: string): Promise<string | null> {
  return readFile(path.join(directory, markerName), 'utf8').catch(() => null);
}

/** Draws into a directory beside and renames it when it is complete, so that no half-drawn one is ever there. */
export async function drawDirectory(directory: string, drawing: PictureDirectory): Promise<void> {
  await writtenWhole(directory, async (unfinished) => {
    for await (const _ of drawPictures(drawing, (face, pixels) =>
      writePicture(path.join(unfinished, picturePath(face)), pixels, drawing.imageSize),
    ))
      drawing.onPicture?.();
    await writeFile(path.join(unfinished, markerName), drawing.description);
  });
}

/** Runs `write` on a directory beside and renames that one when it is complete; when it fails nothing stays. */
export async function writtenWhole(directory: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished, { recursive: true });
    await write(unfinished);
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** As the file's name says: PNG, or JPEG with little loss. */
export async function writePicture(file: string, pixels: Uint8Array, size: number): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const picture = sharp(pixels, { raw: { width: size, height: size, channels: 3 } });
  await (
    /\.jpe?g$/i.test(file)
      ? picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      : picture.png({ compressionLevel: 6 })
  ).toFile(file);
}
