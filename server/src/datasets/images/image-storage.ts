import { readFile, realpath } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { computesLong } from '../../transactions.js';
import { InvalidInputError } from '../../errors.js';
import type { Place } from '../../storage/data-store.js';
import { nothing, type RoomTaken } from '../../storage/room-taken.js';
import type { AskNamed, ImageContent } from './image-content.js';
import { inspectBytes, inspectFile, type InspectedImage } from './image-inspection.js';
import type { ImportDescription, ImportRecord } from '../importers/importer.js';
import { imageInside } from '../../storage/file-inside.js';

/**
 * Where the images of a data set are kept: as they lie in the imported folder, or copied into the content store of the
 * data directory.
 */
export enum ImageStorage {
  IN_PLACE = 'IN_PLACE',
  COPIED = 'COPIED',
}

/** An image of a data set as the table knows it. */
export interface KeptImage extends InspectedImage {
  /** Relative to the data set's place. */
  imagePath: string;
}

/** Keeps the images of one import. */
export interface ImageKeeper {
  storage: ImageStorage;
  /** What their paths are relative to. */
  place: Place;
  /** Paths of images that were not in the store before. */
  stored: Set<string>;
  /** @throws Error with the reason when the image is broken or missing. */
  keep(record: ImportRecord): Promise<KeptImage>;
}

/** PostgreSQL's advisory lock of the content store: shared by imports that copy, exclusive for clearing up. */
const contentLock = 706_310_118;

/**
 * @param write false: nothing is copied, only where it would lie is told (an import that is compared).
 * @throws InvalidInputError where images have to be copied and there is no content store.
 */
export async function imageKeeper(
  description: ImportDescription,
  chosen: ImageStorage,
  content: ImageContent | null,
  write: boolean,
): Promise<ImageKeeper> {
  const { imageRoot, makesImages = false } = description;
  // Without links, as the path of every image is compared with it. A root that is gone stays as it is, and each image
  // says so.
  const real = realpath(imageRoot).catch(() => imageRoot);
  if (!makesImages && chosen === ImageStorage.IN_PLACE) {
    const keep = async ({ imagePath }: ImportRecord): Promise<KeptImage> => ({
      imagePath,
      ...(await inspectFile(await imageInside(await real, imagePath))),
    });
    const place = content ? await content.store.placeOf(imageRoot) : { store: null, root: imageRoot };
    return { storage: chosen, place, stored: new Set(), keep };
  }
  if (!content)
    throw new InvalidInputError(
      'images',
      `${ImageStorage.IN_PLACE}: this import has no data directory to copy to`,
      chosen,
    );
  const stored = new Set<string>();
  const keep = async (record: ImportRecord): Promise<KeptImage> => {
    const bytes = record.image ? await record.image() : await readFile(await imageInside(await real, record.imagePath));
    const inspected = await inspectBytes(bytes);
    const imagePath = content.pathOf(inspected);
    if (write && (await content.put(bytes, inspected))) stored.add(imagePath);
    return { imagePath, ...inspected };
  };
  return { storage: ImageStorage.COPIED, place: content.place, stored, keep };
}

/** Reads images as an import does, and keeps none. */
export function inspectingKeeper({ imageRoot }: ImportDescription): ImageKeeper {
  const real = realpath(imageRoot).catch(() => imageRoot);
  const keep = async ({ image, imagePath }: ImportRecord): Promise<KeptImage> => {
    const inspected = image
      ? await inspectBytes(await image())
      : await inspectFile(await imageInside(await real, imagePath));
    return { imagePath, ...inspected };
  };
  return { storage: ImageStorage.IN_PLACE, place: { store: null, root: imageRoot }, stored: new Set(), keep };
}

/** Inside a transaction that stores images: nobody clears the store up until it ends. */
export async function holdContent(query: (sql: string) => Promise<unknown>): Promise<void> {
  await query(`SELECT pg_advisory_xact_lock_shared(${contentLock})`);
}

/**
 * Takes the images that a failed import stored out of the store, unless another import is storing some. @returns how
 * many files went.
 */
export async function takeBackContent(
  dataSource: DataSource,
  content: ImageContent,
  stored: ReadonlySet<string>,
): Promise<number> {
  return alone(dataSource, content, 0, (named) => content.takeBack([...stored], named));
}

/**
 * Takes images that no data set has, and that were stored before `before`, out of the store, unless an import is
 * storing some.
 * @param dryRun none goes. @returns what went, or would go. @throws PlatformError SWEEP_REFUSED as `ImageContent.sweep`.
 */
export async function sweepContent(
  dataSource: DataSource,
  content: ImageContent,
  before: Date,
  dryRun = false,
): Promise<RoomTaken> {
  return alone(dataSource, content, nothing, (named) => content.sweep(named, before, dryRun));
}

/** Data sets of no known place count as having theirs here. */
const namedHere = `SELECT DISTINCT image_path FROM sample JOIN dataset ON dataset."row" = sample.dataset_row
  WHERE image_path = ANY($1::text[]) AND (image_store IS NULL OR image_store = $2)`;

/** @param busy the result where somebody else has the store. */
async function alone<T>(
  dataSource: DataSource,
  { store }: ImageContent,
  busy: T,
  work: (named: AskNamed) => Promise<T>,
): Promise<T> {
  return dataSource.transaction(async (manager) => {
    await computesLong((sql) => manager.query(sql));
    const [{ alone }] = (await manager.query(`SELECT pg_try_advisory_xact_lock(${contentLock}) AS alone`)) as [
      { alone: boolean },
    ];
    if (!alone) return busy;
    return work(async (paths) => {
      const rows: { image_path: string }[] = await manager.query(namedHere, [paths, store.id]);
      return new Set(rows.map(({ image_path }) => image_path));
    });
  });
}
