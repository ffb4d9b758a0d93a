import { randomFrom, seedOf, shuffle } from '../random.js';
import type { ImageStore } from './image-store.js';
import { Augmentation } from './training-configuration.js';

/** Mean and standard deviation of ImageNet's RGB channels, which the backbones expect. */
const channelMean = [0.485, 0.456, 0.406] as const;
const channelDeviation = [0.229, 0.224, 0.225] as const;
const channels = 3;
const byteValues = 256;

/** byte -> normalised value, per channel: `[3][256]`. */
const normalised = channelMean.map((mean, channel) =>
  Float32Array.from({ length: byteValues }, (_, byte) => (byte / (byteValues - 1) - mean) / channelDeviation[channel]!),
);

export interface Batch {
  /** `[B, size, size, 3]`, normalised. */
  images: Float32Array;
  /** Positions in the split, `[B]`. */
  positions: Int32Array;
}

/** The order in which an epoch visits the split: a permutation that depends on seed and epoch alone. */
export function epochOrder(samples: number, seed: number, epoch: number): Int32Array {
  return shuffle(Int32Array.from({ length: samples }, (_, position) => position), randomFrom(seedOf(`${seed}:order:${epoch}`)));
}

/** Bytes to normalised floats; rows mirrored where `mirrored` says so. */
export function normalise(bytes: Uint8Array, size: number, mirrored: (index: number) => boolean): Float32Array {
  const images = new Float32Array(bytes.length);
  const rowLength = size * channels;
  const rows = bytes.length / rowLength;
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength;
    const mirror = mirrored(Math.floor(row / size));
    for (let column = 0; column < size; column++) {
      const from = start + (mirror ? size - 1 - column : column) * channels;
      const to = start + column * channels;
      for (let channel = 0; channel < channels; channel++) images[to + channel] = normalised[channel]![bytes[from + channel]!]!;
    }
  }
  return images;
}

export interface BatchOptions {
  batchSize: number;
  size: number;
  seed: number;
  epoch: number;
  augmentation: Augmentation;
  /** Positions to visit (see `epochPositions`); default: every sample, by `epochOrder`. */
  order?: Int32Array;
}

/**
 * Training batches of one epoch, each prepared while the one before is trained on. The last short batch is dropped.
 * Augmentation is seeded by sample and epoch, so it does not depend on the order.
 */
export async function* trainingBatches(images: ImageStore, options: BatchOptions): AsyncGenerator<Batch> {
  const order = options.order ?? epochOrder(images.length, options.seed, options.epoch);
  const batches = Math.floor(order.length / options.batchSize);
  const prepare = async (index: number): Promise<Batch> => {
    const positions = order.slice(index * options.batchSize, (index + 1) * options.batchSize);
    const bytes = await images.read(positions);
    const flips = Array.from(positions, (position) => options.augmentation === Augmentation.FLIP && isMirrored(options, position));
    return { images: normalise(bytes, options.size, (image) => flips[image]!), positions };
  };
  yield* ahead(batches, prepare);
}

function isMirrored({ seed, epoch }: BatchOptions, position: number): boolean {
  return randomFrom(seedOf(`${seed}:flip:${epoch}:${position}`)).uniform() < 0.5;
}

/** Every sample once, in order, unaugmented. The last batch is filled up with its own first sample, so that all have one shape. */
export async function* evaluationBatches(images: ImageStore, batchSize: number, size: number): AsyncGenerator<Batch & { filled: number }> {
  const batches = Math.ceil(images.length / batchSize);
  const prepare = async (index: number): Promise<Batch & { filled: number }> => {
    const from = index * batchSize;
    const filled = Math.min(batchSize, images.length - from);
    const positions = Int32Array.from({ length: batchSize }, (_, offset) => from + (offset < filled ? offset : 0));
    return { images: normalise(await images.read(positions), size, () => false), positions, filled };
  };
  yield* ahead(batches, prepare);
}

async function* ahead<T>(count: number, prepare: (index: number) => Promise<T>): AsyncGenerator<T> {
  let next = count > 0 ? prepare(0) : null;
  for (let index = 0; index < count; index++) {
    const current = await next!;
    next = index + 1 < count ? prepare(index + 1) : null;
    // The consumer may stop or throw; the batch under way must then not become an unhandled rejection.
    next?.catch(() => undefined);
    yield current;
  }
}
