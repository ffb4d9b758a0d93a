import path from 'node:path';
import { squarePixels } from '../datasets/image-decoding.js';
import { PlatformError, messageOf } from '../errors.js';

/** Decoded images of a split are kept in memory up to this many bytes; beyond it every batch decodes its own. */
const memoryBudgetBytes = 1024 ** 3;
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
  private kept: Uint8Array | null = null;

  constructor(
    private readonly source: ImageSource,
    private readonly size: number,
  ) {
    this.imageBytes = size * size * channels;
  }

  get length(): number {
    return this.source.paths.length;
  }

  /** Decodes everything once where it fits into memory. */
  async load(onProgress: (done: number) => Promise<void>, signal: AbortSignal): Promise<void> {
    if (this.length * this.imageBytes > memoryBudgetBytes) return;
    const kept = new Uint8Array(this.length * this.imageBytes);
    let next = 0;
    let done = 0;
    const decodeNext = async (): Promise<void> => {
      while (next < this.length) {
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
        const image = this.kept ? this.kept.subarray(position * this.imageBytes, (position + 1) * this.imageBytes) : await this.decode(position);
        batch.set(image, index * this.imageBytes);
      }),
    );
    return batch;
  }

  private async decode(position: number): Promise<Uint8Array> {
    const file = path.join(this.source.root, this.source.paths[position]!);
    try {
      return await squarePixels(file, this.size);
    } catch (error) {
      throw new PlatformError('UNREADABLE_IMAGE', `The image ${this.source.paths[position]} of the data set cannot be read: ${messageOf(error)}`);
    }
  }
}
