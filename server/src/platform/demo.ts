import path from 'node:path';
import type { DatasetService } from '../datasets/dataset.service.js';
import { drawFacesDataset } from '../datasets/imports/draw-faces-dataset.js';
import type { ImportService } from '../datasets/imports/import.service.js';
import { Split } from '../split.js';
import type { TrainingService } from '../runs/training.service.js';

/** Large enough that a slim network learns it in a minute on two cores, small enough to draw in seconds. */
const demoCounts = { [Split.TRAIN]: 3000, [Split.VALIDATION]: 700, [Split.TEST]: 700 };
const demoImageSize = 48;
const demoSeed = 7;
const demoName = 'drawn-faces-demo';
/**
 * A quarter of the paper's width: 16 times less work a step. The paper freezes a stem that was trained on faces before;
 * this one starts from nothing and has to learn.
 */
const demoTraining = {
  width: 16,
  frozenStem: false,
  epochs: 12,
  batchSize: 32,
  imageSize: demoImageSize,
  seed: demoSeed,
  threshold: 0.5,
  name: 'First run on drawn faces',
};

export interface DemoServices {
  datasets: DatasetService;
  imports: ImportService;
  training: TrainingService;
  dataDirectory: string;
}

/**
 * On an empty platform: draws a data set and puts a first run in the queue, so that there is something to see. Does
 * nothing otherwise.
 */
export async function startDemo(
  { datasets, imports, training, dataDirectory }: DemoServices,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  if ((await datasets.list()).length > 0) return;
  const total = Object.values(demoCounts).reduce((sum, count) => sum + count, 0);
  log(`drawing ${total} faces for the demonstration`);
  const dataset = await drawFacesDataset(imports, {
    directory: path.join(dataDirectory, 'datasets', demoName),
    name: demoName,
    counts: demoCounts,
    imageSize: demoImageSize,
    seed: demoSeed,
    signal,
  });
  const run = await training.start({ dataset: dataset.id, ...demoTraining });
  log(`${run.id} "${run.name}" is queued`);
}
