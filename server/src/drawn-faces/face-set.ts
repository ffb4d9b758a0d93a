import { InvalidInputError } from '../errors.js';
import { checkSeed } from '../random.js';
import { Split } from '../split.js';
import { type DrawnFace, drawnFace, generatorVersion, type GivenLabelRule } from './drawn-face.js';
import { defaultSettings, type DrawnFaceSettings } from './settings.js';
import type { FaceCounts } from './sizes.js';

/** Which faces are drawn, and how. */
export interface FaceSet {
  counts: FaceCounts;
  /** Pixels, 16 to 512. */
  imageSize: number;
  /** 0 to 2^32 - 1. */
  seed: number;
  /** Label of the training split; default `plurality`. */
  givenLabel?: GivenLabelRule;
  /** The dial of ambiguity, 0.05 to 1: `DrawnFaceSettings.observerScale`, whose default is as ambiguous as FER+. */
  tau?: number | undefined;
}

const largestCount = 10_000_000;

/** @throws InvalidInputError with the name of the first option outside its range. */
export function checkFaceSet({ counts, imageSize, seed, tau }: FaceSet): void {
  for (const [split, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 0 || count > largestCount)
      throw new InvalidInputError(`counts.${split}`, `an integer from 0 to ${largestCount}`, count);
  }
  if (totalOf(counts) === 0) throw new InvalidInputError('counts', 'at least one face', counts);
  if (!Number.isInteger(imageSize) || imageSize < 16 || imageSize > 512)
    throw new InvalidInputError('imageSize', 'an integer from 16 to 512', imageSize);
  checkSeed(seed, 'seed');
  if (tau !== undefined && !(tau >= 0.05 && tau <= 1))
    throw new InvalidInputError('tau', 'a number from 0.05 to 1', tau);
}

/** Training first, then validation and test. */
export function* facesOf(set: FaceSet): Generator<DrawnFace> {
  const settings = settingsOf(set);
  for (const split of [Split.TRAIN, Split.VALIDATION, Split.TEST]) {
    for (let number = 0; number < set.counts[split]; number++)
      yield drawnFace(set.seed, split, number, set.givenLabel, settings);
  }
}

export function totalOf(counts: FaceCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** What the pictures depend on, as JSON. */
export function descriptionOf(set: FaceSet): string {
  return JSON.stringify({
    generatorVersion,
    seed: set.seed,
    imageSize: set.imageSize,
    counts: set.counts,
    settings: settingsOf(set),
  });
}

/** For a report: every dial by its name on the command line. */
export function choicesOf(set: FaceSet): Record<string, string> {
  const dials = Object.entries(settingsOf(set)).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    String(value),
  ]);
  return {
    'generator-version': String(generatorVersion),
    seed: String(set.seed),
    'image-size': String(set.imageSize),
    'given-label': set.givenLabel ?? 'plurality',
    ...Object.fromEntries(dials),
  };
}

function settingsOf({ tau }: FaceSet): DrawnFaceSettings {
  return tau === undefined ? defaultSettings : { ...defaultSettings, observerScale: tau };
}
