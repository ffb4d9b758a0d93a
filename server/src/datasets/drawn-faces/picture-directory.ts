import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { ConflictError } from '../../errors.js';
import { orderedMap } from '../ordered-map.js';
import { type DrawnFace, pixelsOf } from './drawn-face.js';

/** Written last: a directory with it is complete. Its text says what was drawn. */
const markerName = 'drawn-faces.json';

/** Pictures being encoded on libvips' threads while the next is drawn. */
const encodedAtOnce = 8;

export interface Drawing {
  faces: Iterable<DrawnFace>;
  seed: number;
  imageSize: number;
  /** What the pictures depend on, as JSON. */
  description: string;
  onPicture?: (() => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Relative to the directory. */
export function picturePath(face: DrawnFace): string {
  return `${face.split.toLowerCase()}/${face.subject}/${face.key}.png`;
}

/** Whether the directory holds the pictures of this description already. @throws ConflictError when it holds anything else. */
export async function isDrawn(directory: string, description: string): Promise<boolean> {
  if (!(await stat(directory).catch(() => null))) return false;
  const marker = await readFile(path.join(directory, markerName), 'utf8').catch(() => null);
  if (marker === description) return true;
  throw new ConflictError(`The directory ${directory} exists, with other contents. Choose another or remove it.`, { directory });
}

/** Draws into a directory beside and renames it when it is complete, so that no half-drawn one is ever there. */
export async function drawPictures(directory: string, drawing: Drawing): Promise<void> {
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished, { recursive: true });
    for await (const _ of orderedMap(each(drawing), encodedAtOnce, (face) => drawPicture(unfinished, face, drawing))) drawing.onPicture?.();
    await writeFile(path.join(unfinished, markerName), drawing.description);
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function* each({ faces, signal }: Drawing): AsyncGenerator<DrawnFace> {
  for (const face of faces) {
    signal?.throwIfAborted();
    yield face;
  }
}

async function drawPicture(directory: string, face: DrawnFace, { seed, imageSize }: Drawing): Promise<void> {
  const file = path.join(directory, picturePath(face));
  const pixels = pixelsOf(face, seed, imageSize);
  await mkdir(path.dirname(file), { recursive: true });
  await sharp(pixels, { raw: { width: imageSize, height: imageSize, channels: 3 } }).png({ compressionLevel: 6 }).toFile(file);
}
