import { totalmem } from 'node:os';
import { squarePixels } from '../datasets/images/image-decoding.js';
import { imageInside } from '../storage/file-inside.js';
import { PlatformError, messageOf } from '../errors.js';

/** Decoded images of a run are kept in memory up to this many bytes; each batch decodes the others anew. */
const largestBudget = 2 * 1024 ** 3;
/** But no more than this share of the machine's memory: the network and the database need theirs. */
const memoryShare = 0.25;

/** What a run's splits may keep in memory together. */
export class DecodedBudget {
  /** @param left bytes. */
  constructor(private left = Math.min(largestBudget, Math.floor(totalmem() * memoryShare))) {}

  /** How many of `count` images of `bytes` each can be kept; they are taken from the budget. */
  take(count: number, bytes: number): number {
    const kept = Math.min(count, Math.floor(this.left / bytes));
    this.left -= kept * bytes;
    return kept;
  }
}
/** Images decoded at once; sharp uses its own threads below. */
const concurrentDecodes = 8;
const channels = 3;

export interface ImageSource {
  root: string;
  /** Relative to `root`. */
  paths: string[];
}

/** Square RGB images as bytes, resized to `size` pixels, by position in the split. */
export class ImageStore {
  private readonly imageBytes: number;
  /** The first images of the split. Every epoch visits each once, so any part of the split is as good to keep. */
  private kept = new Uint8Array(0);

  /** @param size side of a stored image in pixels. */
  constructor(
    private readonly source: ImageSource,
    readonly size: number,
  ) {
    this.imageBytes = size * size * channels;
  }

  get length(): number {
    return this.source.paths.length;
  }

  /** Decodes as many images as the budget keeps. @throws PlatformError UNREADABLE_IMAGE */
  async load(budget: DecodedBudget, onProgress: (done: number) => Promise<void>, signal: AbortSignal): Promise<void> {
    const count = budget.take(this.length, this.imageBytes);
    const kept = new Uint8Array(count * this.imageBytes);
    let next = 0;
    let done = 0;
    const decodeNext = async (): Promise<void> => {
      while (next < count) {
        signal.throwIfAborted();
        const position = next++;
        kept.set(await this.decode(position), position * this.imageBytes);
        await onProgress(++done);
      }
    };
    await Promise.all(Array.from({ length: concurrentDecodes }, decodeNext));
    this.kept = kept;
  }

  /** Bytes of the images at `positions`, `[positions.length, size, size, 3]`. */
  async read(positions: Int32Array): Promise<Uint8Array> {
    const batch = new Uint8Array(positions.length * this.imageBytes);
    await Promise.all(
      Array.from(positions, async (position, index) => {
        const from = position * this.imageBytes;
        const isKept = from < this.kept.length;
        batch.set(
          isKept ? this.kept.subarray(from, from + this.imageBytes) : await this.decode(position),
          index * this.imageBytes,
        );
      }),
    );
    return batch;
  }

  private async decode(position: number): Promise<Uint8Array> {
    try {
      const file = await imageInside(this.source.root, this.source.paths[position]);
      return await squarePixels(file, this.size);
    } catch (error) {
      throw new PlatformError(
        'UNREADABLE_IMAGE',
        `The image ${this.source.paths[position]} of the data set cannot be read: ${messageOf(error)}`,
      );
    }
  }
}
