import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ConflictError } from '../../errors.js';
import type { Dataset } from '../dataset.entity.js';
import type { ImportService } from './import.service.js';
import type { ImportItem, ImportSource } from '../importers/importer.js';
import { drawnClasses, visibleActivation } from '../../drawn-faces/action-units.js';
import type { DrawnFace } from '../../drawn-faces/drawn-face.js';
import { checkFaceSet, choicesOf, descriptionOf, type FaceSet, facesOf, totalOf } from '../../drawn-faces/face-set.js';
import { drawDirectory, isDrawn, picturePath } from '../../drawn-faces/picture-directory.js';

/** `Dataset.format` of drawn faces. */
export const drawnFacesFormat = 'drawn-faces';

export interface DrawFacesOptions extends FaceSet {
  /** Where the pictures are written. It must not exist, or hold these very pictures from an earlier call. */
  directory: string;
  /** The data set's name. */
  name: string;
  onProgress?: (progress: { drawn: number; total: number }) => void;
  signal?: AbortSignal;
}

/**
 * Draws faces and registers them as a data set. Repeated with the same options it returns the data set that exists.
 * When it fails or is aborted
 * neither pictures nor rows stay. @throws ConflictError when the name or the directory is taken by something else.
 */
export async function drawFacesDataset(imports: ImportService, options: DrawFacesOptions): Promise<Dataset> {
  checkFaceSet(options);
  const directory = path.resolve(options.directory);
  const description = descriptionOf(options);
  await imports.clearDrawn(directory, description);
  const there = await isDrawn(directory, description);
  if (!there && (await imports.find(options.name)))
    throw new ConflictError(`A data set named "${options.name}" exists. Choose another name.`, { name: options.name });
  if (!there) await draw(directory, description, options);
  try {
    return await imports.import(sourceOf(directory, options), {
      name: options.name,
      ...(options.signal && { signal: options.signal }),
    });
  } catch (error) {
    if (!there) await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Longest name of a directory that every file system takes, with room for `.unfinished`. */
const longestDirectoryName = 200;

/**
 * Where the pictures of a data set of drawn faces lie: one directory below the data directory, whatever characters the
 * name has.
 */
export function directoryOfFaces(dataDirectory: string, name: string): string {
  const encoded = encodeURIComponent(name).replace(/^\./, '%2E');
  const own =
    encoded.length <= longestDirectoryName
      ? encoded
      : `${encoded.slice(0, longestDirectoryName - 17)}-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
  return path.join(dataDirectory, 'datasets', own);
}

async function draw(directory: string, description: string, options: DrawFacesOptions): Promise<void> {
  const { seed, imageSize, signal, onProgress } = options;
  const total = totalOf(options.counts);
  let drawn = 0;
  await mkdir(path.dirname(directory), { recursive: true });
  await drawDirectory(directory, {
    faces: facesOf(options),
    seed,
    imageSize,
    description,
    signal,
    onPicture: () => onProgress?.({ drawn: ++drawn, total }),
  });
}

function sourceOf(directory: string, options: DrawFacesOptions): ImportSource {
  return {
    description: {
      format: drawnFacesFormat,
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
  return {
    record: {
      key,
      split,
      imagePath,
      rawLabel: null,
      givenLabelIndex,
      cleanLabelIndex,
      votes,
      trueDistribution,
      subject,
      actionUnits,
    },
    origin: { file: imagePath, line: null },
  };
}
