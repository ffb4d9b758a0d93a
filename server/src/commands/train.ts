import { Command, InvalidArgumentError, Option } from 'commander';
import { SingleBar } from 'cli-progress';
import type { DatasetService } from '../datasets/dataset.service.js';
import { PlatformError } from '../errors.js';
import type { LabelSetService } from '../labels/label-set.service.js';
import { defaultConfiguration } from '../runs/settings/configure-training.js';
import {
  Augmentation,
  Backbone,
  FallbackRow,
  Sampling,
  TestTimeCrops,
} from '../runs/settings/training-configuration.js';
import type { StartTrainingInput } from '../runs/settings/training-input.js';
import { Preset } from '../runs/settings/protocol.js';
import { RunState, TrainingPhase, type TrainingRun } from '../runs/training-run.entity.js';
import type { TrainingService } from '../runs/training.service.js';
import { onInterruption } from './interruption.js';
import { findDataset } from './find-dataset.js';

export interface TrainSession {
  training: TrainingService;
  datasets: DatasetService;
  labelSets: LabelSetService;
  /** Numbers to print after an epoch; one line. */
  summary(run: TrainingRun, epoch: number): Promise<string>;
  /** Who will train, e.g. "a worker of this command". */
  worker: string;
  close(): Promise<void>;
}

const pollMilliseconds = 300;
const exitCodes: Partial<Record<RunState, number>> = { [RunState.FAILED]: 1, [RunState.CANCELLED]: 130 };

/**
 * `adadf train`: the queue that `startTraining` uses, with a progress bar. Ctrl-C cancels the run; epochs recorded
 * stay.
 */
export function trainCommand(connect: () => Promise<TrainSession>): Command {
  const command = new Command('train')
    .description('Train Ada-DF on a data set, through the queue.')
    .requiredOption('--dataset <name or id>', 'data set to train on');
  for (const option of trainingOptions()) command.addOption(option);
  return command.action(async (options: Record<string, unknown> & { dataset: string; labelSet?: string }) => {
    const session = await connect();
    try {
      const dataset = await findDataset(session.datasets, options.dataset);
      const labelSet =
        options.labelSet === undefined ? null : (await session.labelSets.find(dataset, options.labelSet)).id;
      const run = await session.training.start({ ...options, dataset: dataset.id, labelSet } as StartTrainingInput);
      process.stdout.write(`${run.id} "${run.name}" is queued; ${session.worker} trains it.\n`);
      process.exitCode = exitCodes[await follow(session, run)] ?? 0;
    } finally {
      await session.close();
    }
  });
}

function trainingOptions(): Option[] {
  const number = (flag: string, field: keyof typeof defaultConfiguration, what: string): Option =>
    new Option(`--${flag} <number>`, `${what} (default ${defaultConfiguration[field] ?? 'off'})`).argParser(
      parseNumber,
    );
  const choice = (flag: string, values: object, what: string, standard: string): Option =>
    new Option(`--${flag} <choice>`, `${what} (default ${standard})`).choices(Object.values(values) as string[]);
  return [
    new Option('--name <name>', 'name of the run and its model'),
    new Option('--label-set <name or id>', 'labels to train on (default given)'),
    choice('backbone', Backbone, 'network', defaultConfiguration.backbone),
    number('width', 'width', 'channels of the stem'),
    new Option('--no-frozen-stem', 'train stem and layer1 too'),
    number('image-size', 'imageSize', 'side of the input in pixels'),
    number('epochs', 'epochs', 'epochs'),
    number('batch-size', 'batchSize', 'images in a batch'),
    number('seed', 'seed', 'decides weights, order and augmentation'),
    number('learning-rate', 'learningRate', "Adam's learning rate"),
    number('learning-rate-decay', 'learningRateDecay', 'its factor after every epoch'),
    number('threshold', 'threshold', 't of class-distribution mining'),
    number('beta', 'beta', 'epochs of the ramp'),
    number('minimum-fusion-weight', 'minimumFusionWeight', 'w_min'),
    number('maximum-fusion-weight', 'maximumFusionWeight', 'w_max'),
    number('high-attention-share', 'highAttentionShare', 'share of the high-attention group'),
    number('rank-margin', 'rankMargin', 'margin of the rank regularisation'),
    number('label-smoothing', 'labelSmoothing', 'label smoothing'),
    number('dropout', 'dropout', 'dropout between layer1 and the branches'),
    choice('fallback', FallbackRow, 'fallback row of the class distributions', defaultConfiguration.fallback),
    choice('preset', Preset, 'switches in which paper, code and good practice differ', Preset.PAPER),
    number('patience', 'patience', 'epochs without a better validation accuracy after which it ends'),
    number('sharpening', 'sharpening', 'temperature of sharpening'),
    choice('sampling', Sampling, 'which training samples an epoch visits', defaultConfiguration.sampling),
    choice('augmentation', Augmentation, 'augmentation of training images', defaultConfiguration.augmentation),
    number('rand-augment-operations', 'randAugmentOperations', 'operations of RAND_AUGMENT on an image'),
    number('rand-augment-magnitude', 'randAugmentMagnitude', 'their magnitude, 0 to 10'),
    number('rand-augment-deviation', 'randAugmentDeviation', 'standard deviation of the magnitude'),
    number('erasing-probability', 'erasingProbability', 'share of images that RAND_AUGMENT erases a rectangle of'),
    choice(
      'test-time-crops',
      TestTimeCrops,
      'how validation and test images are shown',
      defaultConfiguration.testTimeCrops,
    ),
  ];
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError(`expected a number, found "${text}"`);
  return value;
}

async function follow(session: TrainSession, started: TrainingRun): Promise<RunState> {
  const bar = new SingleBar({
    format: '{phase} epoch {epoch}/{epochs} [{bar}] {value}/{total} loss {loss} | {rate} images/s | {left}',
    clearOnComplete: true,
    hideCursor: true,
  });
  const cancel = (): void =>
    void session.training.cancel(started.id).catch((error: Error) => process.stderr.write(`${error.message}\n`));
  const stopListening = onInterruption(cancel);
  let printed = 0;
  let showing = false;
  try {
    for (;;) {
      const run = await session.training.byRow(started.row);
      if (!run) throw new PlatformError('NOT_FOUND', `${started.id} was deleted while it was training.`);
      showing = show(bar, run, showing);
      for (const epoch of await session.training.epochsOf(run.row)) {
        if (epoch.number <= printed) continue;
        if (showing) bar.stop();
        showing = false;
        process.stdout.write(`${await session.summary(run, epoch.number)}\n`);
        printed = epoch.number;
      }
      if (run.finishedAt) return report(run);
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  } finally {
    if (showing) bar.stop();
    stopListening();
  }
}

function show(bar: SingleBar, run: TrainingRun, showing: boolean): boolean {
  const { progress } = run;
  if (!progress) return showing;
  const payload = {
    phase:
      progress.phase === TrainingPhase.TRAINING
        ? 'training  '
        : progress.phase === TrainingPhase.LOADING
          ? 'loading   '
          : 'evaluating',
    epoch: progress.epoch,
    epochs: run.configuration.epochs,
    loss: progress.loss?.toFixed(4) ?? '-',
    rate: progress.imagesPerSecond?.toFixed(0) ?? '-',
    left: progress.secondsLeft === null ? '' : `${Math.ceil(progress.secondsLeft)} s of training left`,
  };
  if (!showing) bar.start(progress.steps, progress.step, payload);
  bar.setTotal(progress.steps);
  bar.update(progress.step, payload);
  return true;
}

function report(run: TrainingRun): RunState {
  const seconds = run.startedAt
    ? `${((run.finishedAt!.getTime() - run.startedAt.getTime()) / 1000).toFixed(1)} s`
    : 'never started';
  const line = `${run.id} ${run.state} (${seconds})${run.error ? `: ${run.error}` : ''}\n`;
  (run.state === RunState.FAILED ? process.stderr : process.stdout).write(line);
  return run.state;
}
