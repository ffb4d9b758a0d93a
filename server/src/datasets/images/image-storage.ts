import { readFile, realpath } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { InvalidInputError } from '../../errors.js';
import { Dataset } from '../dataset.entity.js';
import type { ImageContent } from './image-content.js';
import { inspectBytes, inspectFile, type InspectedImage } from './image-inspection.js';
import type { ImportDescription, ImportRecord } from '../importers/importer.js';
import { Sample } from '../sample.entity.js';
import { imageFile } from '../sources/source-directory.js';

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
  /** Relative to the data set's `imageRoot`. */
  imagePath: string;
}

/** Keeps the images of one import. */
export interface ImageKeeper {
  storage: ImageStorage;
  /** `Dataset.imageRoot`: absolute. */
  root: string;
  /** @throws Error with the reason when the image is broken or missing. */
  keep(record: ImportRecord): Promise<KeptImage>;
}

/** PostgreSQL's advisory lock of the content store: shared by imports that copy, exclusive for clearing up. */
const contentLock = 706_310_118;

/**
 * @param write false: nothing is copied, only where it would lie is told (an import that is compared).
 * @throws InvalidInputError where images have to be copied and there is no content store.
 */
export function imageKeeper(
  description: ImportDescription,
  chosen: ImageStorage,
  content: ImageContent | null,
  write: boolean,
): ImageKeeper {
  const { imageRoot, makesImages = false } = description;
  // Without links, as the path of every image is compared with it. A root that is gone stays as it is, and each image
  // says so.
  const real = realpath(imageRoot).catch(() => imageRoot);
  if (!makesImages && chosen === ImageStorage.IN_PLACE) {
    const keep = async ({ imagePath }: ImportRecord): Promise<KeptImage> => ({
      imagePath,
      ...(await inspectFile(await imageFile(await real, imagePath))),
    });
    return { storage: chosen, root: imageRoot, keep };
  }
  if (!content)
    throw new InvalidInputError(
      'images',
      `${ImageStorage.IN_PLACE}: this import has no data directory to copy to`,
      chosen,
    );
  const keep = async (record: ImportRecord): Promise<KeptImage> => {
    const bytes = record.image ? await record.image() : await readFile(await imageFile(await real, record.imagePath));
    const inspected = await inspectBytes(bytes);
    if (write) await content.put(bytes, inspected);
    return { imagePath: content.pathOf(inspected), ...inspected };
  };
  return { storage: ImageStorage.COPIED, root: content.root, keep };
}

/** Inside a transaction that stores images: nobody clears the store up until it ends. */
export async function holdContent(query: (sql: string) => Promise<unknown>): Promise<void> {
  await query(`SELECT pg_advisory_xact_lock_shared(${contentLock})`);
}

/**
 * Takes images of failed imports out of the store, unless another import is storing some. @returns how many files went.
 */
export async function clearContent(dataSource: DataSource, content: ImageContent): Promise<number> {
  return dataSource.transaction(async (manager) => {
    const [{ alone }] = (await manager.query(`SELECT pg_try_advisory_xact_lock(${contentLock}) AS alone`)) as [
      { alone: boolean },
    ];
    if (!alone) return 0;
    const rows: { imagePath: string }[] = await manager
      .createQueryBuilder(Sample, 'sample')
      .select('DISTINCT sample.image_path', 'imagePath')
      .innerJoin(Dataset, 'dataset', 'dataset.row = sample.dataset_row AND dataset.image_root = :root', {
        root: content.root,
      })
      .getRawMany();
    return content.sweep(new Set(rows.map(({ imagePath }) => imagePath)));
  });
}
