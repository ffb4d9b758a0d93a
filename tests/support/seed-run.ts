import { tmpdir } from 'node:os';
import type { DataSource } from 'typeorm';
import { analyseEpoch } from '../../server/src/analysis/record/analyse-epoch.js';
import { Dataset } from '../../server/src/datasets/dataset.entity.js';
import { Sample } from '../../server/src/datasets/sample.entity.js';
import { Split, splits } from '../../server/src/split.js';
import { createBaseLabelSets, givenLabelSet } from '../../server/src/labels/base-label-sets.js';
import { readLabels } from '../../server/src/labels/label-store.js';
import { CheckpointFiles } from '../../server/src/models/checkpoints/checkpoint-files.js';
import { ModelService } from '../../server/src/models/model.service.js';
import { randomFrom, seedOf, type Random } from '../../server/src/random.js';
import { defaultConfiguration } from '../../server/src/runs/settings/configure-training.js';
import type { EpochResult, SplitOutputs } from '../../server/src/runs/recorded/epoch-result.js';
import { TrainingRecorder } from '../../server/src/training/record-training.js';
import { RunSplit } from '../../server/src/runs/recorded/run-split.entity.js';
import type { TrainingConfiguration } from '../../server/src/runs/settings/training-configuration.js';
import { RunState, TrainingRun } from '../../server/src/runs/training-run.entity.js';
import { DataStore } from '../../server/src/storage/data-store.js';

export const seededClasses = ['anger', 'fear', 'surprise'];

export interface SeededDataset {
  dataset: Dataset;
  /** In order of `index`: all of TRAIN, then VALIDATION, then TEST. */
  samples: Sample[];
}

export interface SeedDatasetOptions {
  name?: string;
  classes?: readonly string[];
  /** Samples of each split; 30, 9 and 12 by default. */
  sizes?: Partial<Record<Split, number>>;
  /** Ten votes a sample; the last sample of a split has none. */
  votes?: boolean;
  /** Clean labels; about one given label in six differs from its clean one. */
  clean?: boolean;
  seed?: number;
}

/** A small data set without image files. */
export async function seedDataset(dataSource: DataSource, options: SeedDatasetOptions = {}): Promise<SeededDataset> {
  const { name = 'seeded', classes = seededClasses, votes = true, clean = true, seed = 1 } = options;
  const sizes = { [Split.TRAIN]: 30, [Split.VALIDATION]: 9, [Split.TEST]: 12, ...options.sizes };
  const random = randomFrom(seedOf(`${seed}:dataset`));
  const importReport = { source: 'seed', imported: 0, skipped: 0, skippedByReason: {}, skippedRows: [], choices: {} };
  const datasets = dataSource.getRepository(Dataset);
  const dataset = await datasets.save(
    datasets.create({ name, format: 'seed', classes: [...classes], imageRoot: tmpdir(), importReport }),
  );
  const rows = splits.flatMap((split) =>
    Array.from({ length: sizes[split] }, (_, place) => ({ split, last: place === sizes[split] - 1 })),
  );
  const records = rows.map(({ split, last }, index) => {
    const truth = random.integer(classes.length);
    return {
      datasetRow: dataset.row,
      index,
      key: `face-${String(index).padStart(5, '0')}.png`,
      split,
      givenLabelIndex: random.uniform() < 5 / 6 ? truth : random.integer(classes.length),
      cleanLabelIndex: clean ? truth : null,
      votes: votes && !last ? castVotes(random, classes.length, truth) : null,
      imagePath: `face-${String(index).padStart(5, '0')}.png`,
      width: 48,
      height: 48,
    };
  });
  const saved = await dataSource.getRepository(Sample).save(records as never as Sample[], { chunk: 500 });
  const samples = await dataSource
    .getRepository(Sample)
    .find({ where: { datasetRow: dataset.row }, relations: { dataset: true }, order: { index: 'ASC' } });
  if (samples.length !== saved.length) throw new Error(`Seeded ${saved.length} samples, found ${samples.length}.`);
  await dataSource.transaction((manager) => createBaseLabelSets(manager, dataset));
  return { dataset, samples };
}

function castVotes(random: Random, classes: number, truth: number): number[] {
  const votes = new Array<number>(classes).fill(0);
  for (let rater = 0; rater < 10; rater++) votes[random.uniform() < 0.7 ? truth : random.integer(classes)]!++;
  return votes;
}

export interface SeedRunOptions {
  name?: string;
  /** Epochs to record; 3 by default. With 0 the run is QUEUED. */
  epochs?: number;
  seed?: number;
  configuration?: Partial<TrainingConfiguration>;
  /** Row of the label set it trains on; the given labels by default. It has to label every sample. */
  labelSet?: number;
}

export interface SeededRun {
  run: TrainingRun;
  /** What was recorded, oldest first. */
  results: EpochResult[];
}

/** A run with epochs of seeded, plausible outputs, recorded by the platform's own recorder and analysis. */
export async function seedRun(
  dataSource: DataSource,
  dataset: SeededDataset,
  options: SeedRunOptions = {},
): Promise<SeededRun> {
  const { name = 'seeded run', epochs = 3, seed = 1, labelSet = null } = options;
  const seeded = labelSet === null ? dataset : await labelledBy(dataSource, dataset, labelSet);
  const run = await createRun(dataSource, seeded.dataset, name, labelSet, {
    ...defaultConfiguration,
    epochs: Math.max(epochs, 1),
    seed,
    ...options.configuration,
  });
  const recorder = new TrainingRecorder(dataSource, new CheckpointFiles(DataStore.open(tmpdir())), analyseEpoch);
  const results: EpochResult[] = [];
  if (epochs === 0) return { run, results };
  await fixSplits(dataSource, run, seeded.samples);
  await recorder.started(run, { backend: 'cpu', device: 'seeded' });
  for (let number = 1; number <= epochs; number++) {
    const result = seededResult(seeded, number, seed);
    await recorder.epoch(run, result, new Map());
    results.push(result);
  }
  await recorder.ended(run, RunState.COMPLETED, null);
  return { run, results };
}

/** The same samples, their given labels those of the set. */
async function labelledBy(
  dataSource: DataSource,
  { dataset, samples }: SeededDataset,
  labelSetRow: number,
): Promise<SeededDataset> {
  const labels = await readLabels(dataSource.manager, labelSetRow);
  return {
    dataset,
    samples: samples.map((sample) =>
      Object.assign(Object.create(sample) as Sample, { givenLabelIndex: labels[sample.index]! }),
    ),
  };
}

async function createRun(
  dataSource: DataSource,
  dataset: Dataset,
  name: string,
  labelSet: number | null,
  configuration: TrainingConfiguration,
): Promise<TrainingRun> {
  const { width, imageSize } = configuration;
  const model = await new ModelService(dataSource).create(dataSource.manager, {
    name,
    family: dataset.name,
    backbone: 'resnet18',
    width,
    classes: dataset.classes,
    imageSize,
    parameterCount: 22_000_000,
  });
  const repository = dataSource.getRepository(TrainingRun);
  const labelSetRow = labelSet ?? (await dataSource.transaction((manager) => givenLabelSet(manager, dataset))).row;
  const { row } = await repository.save({
    name,
    datasetRow: dataset.row,
    labelSetRow,
    modelRow: model.row,
    configuration,
  } as never as TrainingRun);
  return repository.findOneOrFail({ where: { row }, relations: { dataset: true, model: true } });
}

async function fixSplits(dataSource: DataSource, run: TrainingRun, samples: readonly Sample[]): Promise<void> {
  for (const split of splits) {
    const ofSplit = samples.filter((sample) => sample.split === split);
    await dataSource.getRepository(RunSplit).insert({
      runRow: run.row,
      split,
      sampleRows: ofSplit.map(({ row }) => row),
      labels: ofSplit.map((sample) => sample.givenLabelIndex),
    });
  }
}

/**
 * What a network that gets better would say after epoch `number`: softmax of noise plus a pull towards the clean label
 * that grows with the epochs.
 */
export function seededResult({ dataset, samples }: SeededDataset, number: number, seed = 1): EpochResult {
  const classes = dataset.classes.length;
  const random = randomFrom(seedOf(`${seed}:epoch:${number}`));
  const outputs = splits
    .map((split) =>
      seededOutputs(
        split,
        samples.filter((sample) => sample.split === split),
        classes,
        number,
        random,
      ),
    )
    .filter((split) => split.sampleRows.length > 0);
  const train = outputs.find(({ split }) => split === Split.TRAIN);
  return {
    number,
    classes,
    learningRate: 1e-3 * 0.9 ** (number - 1),
    ramps: { kullbackLeibler: Math.exp(-((1 - Math.min(1, number / 3)) ** 2)), crossEntropy: 1 },
    losses: {
      total: 2 / number,
      crossEntropy: 1.2 / number,
      kullbackLeibler: 0.7 / number,
      rankRegularization: 0.1 / number,
    },
    imagesPerSecond: 90,
    durationSeconds: 12.5,
    classDistributions: classMeans(train, classes),
    fallbackRows: new Array<boolean>(classes).fill(false),
    classCounts: Array.from({ length: classes }, (_, k) => train?.labels.filter((label) => label === k).length ?? 0),
    outputs,
  };
}

function seededOutputs(
  split: Split,
  samples: readonly Sample[],
  classes: number,
  epoch: number,
  random: Random,
): SplitOutputs {
  const distributions = (pull: number): Float32Array =>
    Float32Array.from(
      samples.flatMap((sample) =>
        softmax(
          Array.from(
            { length: classes },
            (_, k) => 3 * random.uniform() + (k === (sample.cleanLabelIndex ?? sample.givenLabelIndex) ? pull : 0),
          ),
        ),
      ),
    );
  const attention = (): Float32Array => Float32Array.from(samples, () => 0.3 + 0.6 * random.uniform());
  return {
    split,
    sampleRows: Int32Array.from(samples, ({ row }) => row),
    labels: Int16Array.from(samples, (sample) => sample.givenLabelIndex),
    labelDistributions: distributions(0.4 * epoch),
    targetDistributions: distributions(0.8 * epoch),
    auxiliaryAttention: attention(),
    targetAttention: attention(),
  };
}

function softmax(logits: number[]): number[] {
  const powers = logits.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Mean label distribution of each given label, `[C * C]`; uniform for a class without samples. */
function classMeans(outputs: SplitOutputs | undefined, classes: number): Float32Array {
  const means = new Float32Array(classes * classes);
  for (let k = 0; k < classes; k++) {
    const places = outputs ? [...outputs.labels.keys()].filter((n) => outputs.labels[n] === k) : [];
    for (let j = 0; j < classes; j++) {
      const sum = places.reduce((total, n) => total + outputs!.labelDistributions[n * classes + j]!, 0);
      means[k * classes + j] = places.length > 0 ? sum / places.length : 1 / classes;
    }
  }
  return means;
}
