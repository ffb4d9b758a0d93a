import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';

export interface ImageTree {
  root: string;
  remove(): Promise<void>;
}

/** A directory of small plain images (names ending in .png or .jpg) and text files; each image has its own grey. */
export async function imageTree(
  files: Readonly<Record<string, string | { width: number; height: number }>>,
): Promise<ImageTree> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'image-tree-'));
  let grey = 0;
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.join(root, path.dirname(name)), { recursive: true });
    if (typeof content === 'string') await writeFile(path.join(root, name), content);
    else await plainImage(path.join(root, name), content, (grey = (grey + 17) % 256));
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

async function plainImage(
  file: string,
  { width, height }: { width: number; height: number },
  grey: number,
): Promise<void> {
  await sharp({ create: { width, height, channels: 3, background: { r: grey, g: 255 - grey, b: 90 } } }).toFile(file);
}

export const small = { width: 8, height: 6 };

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
