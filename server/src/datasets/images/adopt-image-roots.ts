import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type DataSource, IsNull } from 'typeorm';
import type { DataStore, Place } from '../../storage/data-store.js';
import { Dataset } from '../dataset.entity.js';
import { Sample } from '../sample.entity.js';
import { toColumns } from '../../to-columns.js';

/** So many images of a data set are looked for before it is taken to lie in the store. */
const lookedFor = 3;

/**
 * Data sets of versions that kept absolute paths only: those whose images lie in this store, wherever it lay then, are
 * from now on found by its id.
 * @returns the names of data sets that were copied or drawn into a data directory, and whose images are in none that is
 * known.
 */
export async function adoptImageRoots(dataSource: DataSource, store: DataStore): Promise<string[]> {
  const datasets = dataSource.getRepository(Dataset);
  const lost: string[] = [];
  for (const dataset of await datasets.findBy({ imageStore: IsNull() })) {
    const place = await placeOf(dataSource, store, dataset);
    if (place?.store) {
      const importReport = { ...dataset.importReport, fingerprintRoot: dataset.imageRoot };
      await datasets.update(
        { row: dataset.row },
        toColumns<Dataset>({ imageStore: place.store, imageRoot: place.root, importReport }),
      );
    } else if (place === null && !(await exists(dataset.imageRoot))) lost.push(dataset.name);
  }
  return lost;
}

/** Null: where the path says it lay, in a data directory that is not there now. */
async function placeOf(dataSource: DataSource, store: DataStore, dataset: Dataset): Promise<Place | null> {
  const candidate = candidateOf(dataset);
  if (candidate && (await holdsImages(dataSource, store.file(candidate), dataset)))
    return { store: store.id, root: candidate };
  return candidate ? null : store.placeOf(dataset.imageRoot);
}

/** Where the images of a data set that lies in a data directory lie in any. */
function candidateOf({ importReport, format, imageRoot }: Dataset): string | null {
  if (importReport.choices['images'] === 'copied') return 'images';
  if (format === 'drawn-faces' && path.basename(path.dirname(imageRoot)) === 'datasets')
    return `datasets/${path.basename(imageRoot)}`;
  return null;
}

async function holdsImages(dataSource: DataSource, root: string, { row }: Dataset): Promise<boolean> {
  const samples = await dataSource.getRepository(Sample).find({
    select: { row: true, imagePath: true },
    where: { datasetRow: row },
    order: { row: 'ASC' },
    take: lookedFor,
  });
  const found = await Promise.all(samples.map(({ imagePath }) => exists(path.join(root, imagePath))));
  return found.length > 0 && found.every(Boolean);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
