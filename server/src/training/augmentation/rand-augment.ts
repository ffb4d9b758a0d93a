import type { Random } from '../../random.js';
import { rotate, shearX, shearY, translateX, translateY } from './affine-operations.js';
import { brightness, colour, contrast, sharpness } from './enhance-operations.js';
import { autoContrast, equalize, invert, posterize, solarize, solarizeAdd } from './lookup-operations.js';
import { normal } from './normal.js';
import type { Fill, Picture } from './picture.js';

export interface RandAugmentSettings {
  /** Operations drawn for an image, with repetition; each is done with probability 1/2. */
  operations: number;
  /** 0 to 10. */
  magnitude: number;
  /** Standard deviation of each operation's own magnitude around `magnitude`. */
  deviation: number;
}

/** @param level magnitude as a share of the largest, 0 to 1. */
type Operation = (picture: Picture, level: number, random: Random) => Picture;

const largestMagnitude = 10;

/** What moves into a picture from outside: the mean of ImageNet in bytes. */
const fill: Fill = [124, 116, 104];

/** RandAugment (Cubuk et al. 2020) draws; the libraries do what they drew half of the time. */
const doneShare = 0.5;

/**
 * The fifteen operations and what a magnitude means for each, as documented by timm for `rand-m…-n…-mstd…` (without
 * `inc1`): posterize and solarize get
 * weaker with the magnitude, and the four enhancements change nothing at 5.
 */
export const operations: Readonly<Record<string, Operation>> = {
  autoContrast,
  equalize,
  invert,
  rotate: (picture, level, random) => rotate(picture, signed(30 * level, random), fill),
  posterize: (picture, level) => posterize(picture, Math.trunc(4 * level)),
  solarize: (picture, level) => solarize(picture, Math.min(256, Math.trunc(256 * level))),
  solarizeAdd: (picture, level) => solarizeAdd(picture, Math.min(128, Math.trunc(110 * level))),
  colour: (picture, level) => colour(picture, enhancement(level)),
  contrast: (picture, level) => contrast(picture, enhancement(level)),
  brightness: (picture, level) => brightness(picture, enhancement(level)),
  sharpness: (picture, level) => sharpness(picture, enhancement(level)),
  shearX: (picture, level, random) => shearX(picture, signed(0.3 * level, random), fill),
  shearY: (picture, level, random) => shearY(picture, signed(0.3 * level, random), fill),
  translateX: (picture, level, random) => translateX(picture, signed(0.45 * level, random), fill),
  translateY: (picture, level, random) => translateY(picture, signed(0.45 * level, random), fill),
};

const drawn = Object.values(operations);

export function randAugment(picture: Picture, settings: RandAugmentSettings, random: Random): Picture {
  let result = picture;
  for (let turn = 0; turn < settings.operations; turn++) {
    const operation = drawn[random.integer(drawn.length)];
    if (random.uniform() >= doneShare) continue;
    result = operation(result, level(settings, random), random);
  }
  return result;
}

function level({ magnitude, deviation }: RandAugmentSettings, random: Random): number {
  const own = deviation > 0 ? magnitude + deviation * normal(random) : magnitude;
  return Math.min(largestMagnitude, Math.max(0, own)) / largestMagnitude;
}

function enhancement(level: number): number {
  return 0.1 + 1.8 * level;
}

function signed(value: number, random: Random): number {
  return random.uniform() < 0.5 ? -value : value;
}
