import type { DataSource } from 'typeorm';
import { imageRootOf } from '../datasets/images/image-root.js';
import { Sample } from '../datasets/sample.entity.js';
import { splits, Split } from '../split.js';
import { PlatformError } from '../errors.js';
import { noLabel } from '../labels/label-set-chunk.entity.js';
import { readLabels } from '../labels/label-store.js';
import type { DataStore } from '../storage/data-store.js';
import { enlargedFor } from './augmentation/ten-crop.js';
import { DecodedBudget, ImageStore } from './image-store.js';
import { RunSplit } from '../runs/recorded/run-split.entity.js';
import { TestTimeCrops } from '../runs/settings/choices.js';
import type { TrainingRun } from '../runs/training-run.entity.js';

/** A split as a run sees it: N samples, their labels, their images. */
export interface LoadedSplit {
  split: Split;
  /** Rows of `sample`, `[N]`. */
  sampleRows: Int32Array;
  /** `[N]` */
  labels: Int16Array;
  /** At the input size; where ten crops are taken of them, larger. */
  images: ImageStore;
  crops: TestTimeCrops;
}

/** Where the samples stand, and where their images may lie. */
export interface ImagesFrom {
  dataSource: DataSource;
  store: DataStore;
}

export interface LoadOptions {
  /** Default: every split. */
  only?: readonly Split[];
  signal: AbortSignal;
  onProgress: (done: number, total: number) => Promise<void>;
}

/**
 * Splits with samples that the run's label set labels, TRAIN first. Which samples and labels a run uses is fixed the
 * first time it is loaded.
 */
export async function loadSplits(
  { dataSource, store }: ImagesFrom,
  run: TrainingRun,
  options: LoadOptions,
): Promise<LoadedSplit[]> {
  const loaded: LoadedSplit[] = [];
  for (const split of splits) {
    if (options.only && !options.only.includes(split)) continue;
    const fixed = await fixSplit(dataSource, run, split);
    if (fixed.sampleRows.length === 0) continue;
    const paths = await imagePaths(dataSource, fixed.sampleRows);
    const crops = split === Split.TRAIN ? TestTimeCrops.NONE : run.configuration.testTimeCrops;
    const { imageSize } = run.configuration;
    const images = new ImageStore(
      { root: imageRootOf(run.dataset, store), paths },
      crops === TestTimeCrops.TEN_CROP ? enlargedFor(imageSize) : imageSize,
    );
    loaded.push({
      split,
      sampleRows: Int32Array.from(fixed.sampleRows),
      labels: Int16Array.from(fixed.labels),
      images,
      crops,
    });
  }
  const total = loaded.reduce((sum, { images }) => sum + images.length, 0);
  const budget = new DecodedBudget();
  let before = 0;
  for (const { images } of loaded) {
    const start = before;
    await images.load(budget, (done) => options.onProgress(start + done, total), options.signal);
    before += images.length;
  }
  return loaded;
}

async function fixSplit(dataSource: DataSource, run: TrainingRun, split: Split): Promise<RunSplit> {
  const repository = dataSource.getRepository(RunSplit);
  const known = await repository.findOneBy({ runRow: run.row, split });
  if (known) return known;
  const labels = await readLabels(dataSource.manager, run.labelSetRow);
  const samples = await dataSource
    .getRepository(Sample)
    .find({ select: { row: true, index: true }, where: { datasetRow: run.datasetRow, split }, order: { row: 'ASC' } });
  const labelled = samples.filter(({ index }) => (labels[index] ?? noLabel) !== noLabel);
  const fixed = {
    runRow: run.row,
    split,
    sampleRows: labelled.map(({ row }) => row),
    labels: labelled.map(({ index }) => labels[index]),
  };
  await repository.insert(fixed);
  return repository.create(fixed);
}

async function imagePaths(dataSource: DataSource, sampleRows: readonly number[]): Promise<string[]> {
  const found: { row: number; image_path: string }[] = await dataSource.query(
    'SELECT "row", image_path FROM sample WHERE "row" = ANY($1::int[])',
    [sampleRows],
  );
  const byRow = new Map(found.map(({ row, image_path }) => [row, image_path]));
  return sampleRows.map((row) => {
    const imagePath = byRow.get(row);
    if (imagePath === undefined)
      throw new PlatformError('SAMPLE_GONE', `Sample sample_${row} was deleted after the run started.`);
    return imagePath;
  });
}
