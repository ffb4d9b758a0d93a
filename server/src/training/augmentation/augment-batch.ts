import { randomFrom, seedOf } from '../../random.js';
import { normaliseInto } from './normalise.js';
import { channels } from './picture.js';
import { randAugment, type RandAugmentSettings } from './rand-augment.js';
import { eraseRectangle, type ErasingSettings } from './random-erasing.js';

/** What happens to a training image, in this order. */
export interface AugmentationSettings {
  randAugment: RandAugmentSettings | null;
  /** Mirrored with probability 1/2. */
  flip: boolean;
  erasing: ErasingSettings | null;
}

export interface BatchToAugment {
  /** `[B, size, size, 3]` */
  bytes: Uint8Array;
  /** Positions of the images in the split, `[B]`. */
  positions: Int32Array;
  size: number;
  seed: number;
  epoch: number;
  settings: AugmentationSettings;
}

/**
 * Normalised floats, `[B, size, size, 3]`. What happens to an image depends on seed, epoch and its position in the
 * split alone: not on the batch it is
 * in, nor on who augments it.
 */
export function augmentBatch({ bytes, positions, size, seed, epoch, settings }: BatchToAugment): Float32Array {
  const imageLength = size * size * channels;
  const images = new Float32Array(positions.length * imageLength);
  for (const [index, position] of positions.entries()) {
    const offset = index * imageLength;
    const original = { pixels: bytes.subarray(offset, offset + imageLength), size };
    const draws = (what: string): ReturnType<typeof randomFrom> =>
      randomFrom(seedOf(`${seed}:${what}:${epoch}:${position}`));
    const { pixels } = settings.randAugment
      ? randAugment(original, settings.randAugment, draws('rand-augment'))
      : original;
    const mirrored = settings.flip && draws('flip').uniform() < 0.5;
    normaliseInto(images, offset, pixels, { size, mirrored });
    if (settings.erasing)
      eraseRectangle(images.subarray(offset, offset + imageLength), size, settings.erasing, draws('erasing'));
  }
  return images;
}
