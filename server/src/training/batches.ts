import { epochOrder } from '../runs/settings/sampling.js';
import type { Augmenter } from './augmentation/augmentation-threads.js';
import { normaliseInto } from './augmentation/normalise.js';
import { cropsOfTen, tenCropsInto } from './augmentation/ten-crop.js';
import type { ImageStore } from './image-store.js';
import { TestTimeCrops } from '../runs/settings/choices.js';

const channels = 3;

/**
 * Batches under preparation while one is trained on: decoding, augmenting and training then never wait for each other.
 */
const batchesAhead = 3;

export interface Batch {
  /** `[B, size, size, 3]`, normalised. */
  images: Float32Array;
  /** Positions in the split, `[B]`. */
  positions: Int32Array;
}

export interface BatchOptions {
  batchSize: number;
  size: number;
  seed: number;
  epoch: number;
  augmenter: Augmenter;
  /** Positions to visit (see `epochPositions`); default: every sample, by `epochOrder`. */
  order?: Int32Array;
}

/**
 * Training batches of one epoch, each prepared while those before are trained on. The last short batch is dropped.
 * Augmentation is seeded by sample and epoch, so it does not depend on the order.
 */
export async function* trainingBatches(images: ImageStore, options: BatchOptions): AsyncGenerator<Batch> {
  const { batchSize, size, seed, epoch, augmenter } = options;
  const order = options.order ?? epochOrder(images.length, seed, epoch);
  const batches = Math.floor(order.length / batchSize);
  const prepare = async (index: number): Promise<Batch> => {
    const positions = order.slice(index * batchSize, (index + 1) * batchSize);
    const bytes = await images.read(positions);
    return { images: await augmenter.augment({ bytes, positions, size, seed, epoch }), positions };
  };
  yield* ahead(batches, prepare);
}

export interface EvaluationBatch {
  /** `[B * views, size, size, 3]`, normalised; the views of an image stand one after the other. */
  images: Float32Array;
  /** Images of the split in it; the rest, at the end, fills the batch up. */
  filled: number;
}

export interface EvaluationBatchOptions {
  batchSize: number;
  /** Side of a view. */
  size: number;
  crops: TestTimeCrops;
}

/**
 * Every sample once, in order, unaugmented. The last batch is filled up with its own first sample, so that all have one
 * shape.
 */
export async function* evaluationBatches(
  images: ImageStore,
  { batchSize, size, crops }: EvaluationBatchOptions,
): AsyncGenerator<EvaluationBatch> {
  const batches = Math.ceil(images.length / batchSize);
  const prepare = async (index: number): Promise<EvaluationBatch> => {
    const from = index * batchSize;
    const filled = Math.min(batchSize, images.length - from);
    const positions = Int32Array.from({ length: batchSize }, (_, offset) => from + (offset < filled ? offset : 0));
    const bytes = await images.read(positions);
    return { images: viewsOf(bytes, images.size, size, crops), filled };
  };
  yield* ahead(batches, prepare);
}

/** Views of one image with these crops. */
export function viewsWith(crops: TestTimeCrops): number {
  return crops === TestTimeCrops.TEN_CROP ? cropsOfTen : 1;
}

/** @param bytes `[B, stored, stored, 3]` */
function viewsOf(bytes: Uint8Array, stored: number, size: number, crops: TestTimeCrops): Float32Array {
  const count = bytes.length / (stored * stored * channels);
  const viewLength = size * size * channels;
  const views = new Float32Array(count * viewsWith(crops) * viewLength);
  for (let image = 0; image < count; image++) {
    const pixels = bytes.subarray(image * stored * stored * channels, (image + 1) * stored * stored * channels);
    if (crops === TestTimeCrops.TEN_CROP) tenCropsInto(views, image * cropsOfTen * viewLength, pixels, stored, size);
    else normaliseInto(views, image * viewLength, pixels, { size, mirrored: false });
  }
  return views;
}

/** The results of `prepare`, in order, some being prepared while one is used. */
async function* ahead<T>(count: number, prepare: (index: number) => Promise<T>): AsyncGenerator<T> {
  const underWay: Promise<T>[] = [];
  let next = 0;
  const prepareMore = (): void => {
    while (next < count && underWay.length < batchesAhead) {
      const one = prepare(next++);
      // The consumer may stop or throw; what is under way must then not become an unhandled rejection.
      one.catch(() => undefined);
      underWay.push(one);
    }
  };
  prepareMore();
  while (underWay.length > 0) {
    const current = await underWay.shift()!;
    prepareMore();
    yield current;
  }
}
