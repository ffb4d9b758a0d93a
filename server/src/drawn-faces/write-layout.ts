import { appendFile, mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ConflictError } from '../errors.js';
import { drawnClasses } from './action-units.js';
import { drawPictures } from './draw-pictures.js';
import type { DrawnFace } from './drawn-face.js';
import { checkFaceSet, type FaceSet, facesOf, totalOf } from './face-set.js';
import type { Layout, PlacedFace } from './layouts/layout.js';
import { writePicture, writtenWhole } from './picture-directory.js';

export interface WriteLayoutOptions extends FaceSet {
  layout: Layout;
  /** Must not exist. */
  directory: string;
  onProgress?: (progress: { drawn: number; total: number }) => void;
  signal?: AbortSignal;
}

export interface WrittenLayout {
  written: number;
  /** Faces that the layout has no place for. */
  leftOut: number;
}

/**
 * Draws faces into a directory laid out like one of the field's data sets. When it fails or is aborted nothing stays.
 * @throws ConflictError when the directory exists.
 */
export async function writeLayout(options: WriteLayoutOptions): Promise<WrittenLayout> {
  checkFaceSet(options);
  options.layout.check?.(options.counts);
  const directory = path.resolve(options.directory);
  if (await stat(directory).catch(() => null))
    throw new ConflictError(`${directory} exists. Choose another directory or remove it.`, { directory });
  await mkdir(path.dirname(directory), { recursive: true });
  const counts: WrittenLayout = { written: 0, leftOut: 0 };
  await writtenWhole(directory, (unfinished) => writeFaces(unfinished, options, counts));
  return counts;
}

async function writeFaces(directory: string, options: WriteLayoutOptions, counts: WrittenLayout): Promise<void> {
  const { layout, imageSize, seed, signal, onProgress } = options;
  const tables = new TextFiles(directory, layout);
  const total = totalOf(options.counts);
  const numbers = new Map<string, number>();
  const place = async (face: DrawnFace, pixels: Uint8Array): Promise<PlacedFace | null> => {
    // Called in the order of the faces' pictures, which may not be theirs: numbers were given before.
    const placed = layout.place({
      face,
      label: drawnClasses[face.givenLabelIndex],
      number: numberOf.get(face)!,
      size: imageSize,
      pixels,
    });
    for (const picture of placed?.pictures ?? [])
      await writePicture(path.join(directory, picture.path), picture.pixels, picture.size);
    for (const file of placed?.files ?? []) await writeOwn(path.join(directory, file.path), file.bytes);
    return placed;
  };
  const numberOf = new WeakMap<DrawnFace, number>();
  function* numbered(): Generator<DrawnFace> {
    for (const face of facesOf(options)) {
      const split = layout.splits[face.split];
      const number = (numbers.get(split) ?? 0) + 1;
      numbers.set(split, number);
      numberOf.set(face, number);
      yield face;
    }
  }
  for await (const placed of drawPictures({ faces: numbered(), seed, imageSize, signal }, place)) {
    if (placed) counts.written++;
    else counts.leftOut++;
    for (const { file, line } of placed?.lines ?? []) await tables.add(file, line);
    onProgress?.({ drawn: counts.written + counts.leftOut, total });
  }
  await tables.end();
}

async function writeOwn(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
}

/** Lines are written in portions of about this many characters. */
const portion = 1 << 18;

/** The text files of a layout, growing line by line. */
class TextFiles {
  private readonly held = new Map<string, string>();
  private readonly begun = new Set<string>();

  constructor(
    private readonly directory: string,
    private readonly layout: Layout,
  ) {}

  async add(file: string, line: string): Promise<void> {
    const unended = this.layout.unended?.includes(file) ?? false;
    const first = !this.held.has(file) && !this.begun.has(file);
    const header = first ? this.layout.headers?.[file] : undefined;
    const before = this.held.get(file) ?? '';
    const added = unended ? `${first ? '' : '\n'}${line}` : `${header === undefined ? '' : `${header}\n`}${line}\n`;
    this.held.set(file, before + added);
    if (before.length + added.length > portion) await this.write(file);
  }

  /** Tables without a row have their header all the same. */
  async end(): Promise<void> {
    for (const [file, header] of Object.entries(this.layout.headers ?? {})) {
      if (!this.held.has(file) && !this.begun.has(file)) this.held.set(file, `${header}\n`);
    }
    for (const file of [...this.held.keys()]) await this.write(file);
  }

  private async write(file: string): Promise<void> {
    const place = path.join(this.directory, file);
    await mkdir(path.dirname(place), { recursive: true });
    await appendFile(place, this.held.get(file)!);
    this.held.delete(file);
    this.begun.add(file);
  }
}
