import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ConflictError, InvalidInputError } from '../../errors.js';
import type { Dataset } from '../dataset.entity.js';
import type { ImportService } from '../import.service.js';
import type { ImportItem, ImportSource } from '../importers/importer.js';
import { Split } from '../split.js';
import { drawnClasses, visibleActivation } from './action-units.js';
import { type DrawnFace, drawnFace, generatorVersion, type GivenLabelRule } from './drawn-face.js';
import { drawPictures, isDrawn, picturePath } from './picture-directory.js';
import { defaultSettings } from './settings.js';
import type { FaceCounts } from './sizes.js';

export interface DrawFacesOptions {
  /** Where the pictures are written. It must not exist, or hold these very pictures from an earlier call. */
  directory: string;
  /** The data set's name. */
  name: string;
  counts: FaceCounts;
  /** Pixels, 16 to 512. */
  imageSize: number;
  /** 0 to 2^32 - 1. */
  seed: number;
  /** Label of the training split; default `plurality`. */
  givenLabel?: GivenLabelRule;
  onProgress?: (progress: { drawn: number; total: number }) => void;
  signal?: AbortSignal;
}

const largestCount = 10_000_000;

/**
 * Draws faces and registers them as a data set. Repeated with the same options it returns the data set that exists. When it fails or is aborted
 * neither pictures nor rows stay. @throws ConflictError when the name or the directory is taken by something else.
 */
export async function drawFacesDataset(imports: ImportService, options: DrawFacesOptions): Promise<Dataset> {
  check(options);
  const directory = path.resolve(options.directory);
  const description = JSON.stringify({ generatorVersion, seed: options.seed, imageSize: options.imageSize, counts: options.counts, settings: defaultSettings });
  const there = await isDrawn(directory, description);
  if (!there && (await imports.find(options.name))) throw new ConflictError(`A data set named "${options.name}" exists. Choose another name.`, { name: options.name });
  if (!there) await draw(directory, description, options);
  try {
    return await imports.import(sourceOf(directory, options), { name: options.name, ...(options.signal && { signal: options.signal }) });
  } catch (error) {
    if (!there) await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function draw(directory: string, description: string, options: DrawFacesOptions): Promise<void> {
  const { seed, imageSize, signal, onProgress } = options;
  const total = totalOf(options.counts);
  let drawn = 0;
  await mkdir(path.dirname(directory), { recursive: true });
  await drawPictures(directory, { faces: facesOf(options), seed, imageSize, description, signal, onPicture: () => onProgress?.({ drawn: ++drawn, total }) });
}

function* facesOf({ seed, counts, givenLabel }: DrawFacesOptions): Generator<DrawnFace> {
  for (const split of [Split.TRAIN, Split.VALIDATION, Split.TEST]) {
    for (let number = 0; number < counts[split]; number++) yield drawnFace(seed, split, number, givenLabel);
  }
}

function sourceOf(directory: string, options: DrawFacesOptions): ImportSource {
  return {
    description: {
      format: 'drawn-faces',
      source: `drawn faces, seed ${options.seed}`,
      imageRoot: directory,
      classes: drawnClasses,
      choices: choicesOf(options),
      expectedItems: totalOf(options.counts),
    },
    async *items() {
      for (const face of facesOf(options)) yield itemOf(face);
    },
  };
}

function itemOf(face: DrawnFace): ImportItem {
  const { key, split, subject, givenLabelIndex, cleanLabelIndex, votes, trueDistribution } = face;
  const actionUnits = visibleActivation(face.activation, face.conditions.occluder);
  const imagePath = picturePath(face);
  return { record: { key, split, imagePath, rawLabel: null, givenLabelIndex, cleanLabelIndex, votes, trueDistribution, subject, actionUnits }, origin: { file: imagePath, line: null } };
}

function choicesOf({ seed, imageSize, givenLabel = 'plurality' }: DrawFacesOptions): Record<string, string> {
  const dials = Object.entries(defaultSettings).map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), String(value)]);
  return { 'generator-version': String(generatorVersion), seed: String(seed), 'image-size': String(imageSize), 'given-label': givenLabel, ...Object.fromEntries(dials) };
}

function totalOf(counts: FaceCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function check({ counts, imageSize, seed }: DrawFacesOptions): void {
  for (const [split, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 0 || count > largestCount) throw new InvalidInputError(`counts.${split}`, `an integer from 0 to ${largestCount}`, count);
  }
  if (totalOf(counts) === 0) throw new InvalidInputError('counts', 'at least one face', counts);
  if (!Number.isInteger(imageSize) || imageSize < 16 || imageSize > 512) throw new InvalidInputError('imageSize', 'an integer from 16 to 512', imageSize);
  if (!Number.isInteger(seed) || seed < 0 || seed > 4294967295) throw new InvalidInputError('seed', 'an integer from 0 to 4294967295', seed);
}
