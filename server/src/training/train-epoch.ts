import type { DataSource } from 'typeorm';
import { mineClassDistributions } from '../ada-df/class-distributions.js';
import { ramps } from '../ada-df/ramps.js';
import type { StepResult } from '../ada-df/train-step.js';
import { PlatformError } from '../errors.js';
import { openForwardPass } from '../models/forward-pass/forward-pass.js';
import { seedOf } from '../random.js';
import type { Augmenter } from './augmentation/augmentation-threads.js';
import { type Batch, trainingBatches } from './batches.js';
import type { EpochResult, SplitOutputs } from '../runs/recorded/epoch-result.js';
import type { EpochLosses } from '../runs/recorded/epoch.entity.js';
import { fusionRange } from '../runs/recorded/epoch-row.js';
import { StepLog, type KeptSteps } from '../runs/recorded/step-losses.js';
import { evaluateAugmented } from './evaluate-augmented.js';
import { evaluateSplit } from './evaluate.js';
import type { LoadedSplit } from './load-split.js';
import { Sampling } from '../runs/settings/choices.js';
import { MiningImages } from '../runs/settings/protocol.js';
import { epochPositions } from '../runs/settings/sampling.js';
import { stepsAhead } from './steps-ahead.js';
import type { TrainingDependencies } from './training-dependencies.js';
import type { Trainer } from './trainer.js';
import { TrainingPhase, type TrainingProgress, type TrainingRun } from '../runs/training-run.entity.js';
import type { TrainingSession } from './training-session.js';

/** What an epoch is trained on. */
export interface TrainingMaterial {
  splits: LoadedSplit[];
  augmenter: Augmenter;
}

interface TrainedEpoch {
  losses: EpochLosses;
  imagesPerSecond: number;
  steps: KeptSteps;
}

/**
 * One epoch: train over TRAIN, evaluate every split, mine the class distributions. The session moves on; nothing is
 * recorded here.
 */
export async function trainEpoch(
  dependencies: TrainingDependencies,
  run: TrainingRun,
  session: TrainingSession,
  trainer: Trainer,
  { splits, augmenter }: TrainingMaterial,
  stop: AbortSignal,
): Promise<EpochResult> {
  const number = session.finishedEpochs + 1;
  const startedAt = performance.now();
  const learningRate = session.learningRate(number);
  const trained = await trainBatches(dependencies, run, { session, trainer }, splits[0], {
    number,
    learningRate,
    augmenter,
    stop,
  });
  await trainer.settle();
  const outputs = await evaluateAll(dependencies, run, session, splits, { number, trained, stop });
  const { classes, threshold, fallback, sharpening, sharpeningAxis, replacedDistributions } = session.config;
  const { miningImages, batchSize, imageSize: size, seed, sampling } = run.configuration;
  // The authors' loader gives the samples that the epoch drew: with balanced classes a part of the split.
  const order =
    sampling === Sampling.CLASS_BALANCED
      ? epochPositions(splits[0].labels, { sampling, seed, epoch: number })
      : undefined;
  const augmented = { batchSize, size, classes, seed, epoch: number, augmenter, order, stop };
  const { labels, labelDistributions } =
    miningImages === MiningImages.AUGMENTED
      ? await evaluateAugmented(session.network, splits[0], dependencies, augmented)
      : outputs[0];
  const mined = mineClassDistributions({
    labels,
    labelDistributions,
    classes,
    threshold,
    fallback,
    sharpening,
    sharpeningAxis,
    replaced: replacedDistributions,
  });
  session.finishEpoch(number, mined.rows, fusionRange(outputs[0], run.configuration.fusionSource));
  return {
    number,
    classes: session.config.classes,
    learningRate,
    ramps: ramps(number, session.config.beta),
    ...trained,
    durationSeconds: (performance.now() - startedAt) / 1000,
    classDistributions: mined.rows,
    fallbackRows: mined.fallbackRows,
    classCounts: mined.classCounts,
    outputs,
  };
}

type LossSums = Record<keyof EpochLosses, number>;

interface EpochContext {
  number: number;
  learningRate: number;
  augmenter: Augmenter;
  stop: AbortSignal;
}

async function trainBatches(
  { dataSource, recorder }: TrainingDependencies,
  run: TrainingRun,
  { session, trainer }: { session: TrainingSession; trainer: Trainer },
  split: LoadedSplit,
  { number, learningRate, augmenter, stop }: EpochContext,
): Promise<TrainedEpoch> {
  const { batchSize, imageSize: size, seed, epochs, sampling } = run.configuration;
  const order = epochPositions(split.labels, { sampling, seed, epoch: number });
  const steps = Math.floor(order.length / batchSize);
  const log = new StepLog(steps);
  const sums: LossSums = { total: 0, crossEntropy: 0, kullbackLeibler: 0, rankRegularization: 0 };
  const s = ramps(number, session.config.beta);
  const fixed = { learningRate, crossEntropyRamp: s.crossEntropy, kullbackLeiblerRamp: s.kullbackLeibler };
  const startedAt = performance.now();
  let asked = 0;
  const ask = async (batch: Batch): Promise<StepResult> => {
    const dropoutSeed = seedOf(`${seed}:dropout:${number}:${asked++}`);
    await nextTurn();
    stop.throwIfAborted();
    return trainer.step({
      images: batch.images,
      size,
      labels: Int32Array.from(batch.positions, (position) => split.labels[position]),
      classDistributions: session.classDistributions,
      epoch: number,
      learningRate,
      attentionRange: session.attentionRange ?? undefined,
      dropoutSeed,
    });
  };
  let step = 0;
  const batches = trainingBatches(split.images, { batchSize, size, seed, epoch: number, augmenter, order });
  for await (const { input: batch, result: losses } of stepsAhead(batches, ask, trainer.ahead)) {
    step++;
    if (!Number.isFinite(losses.total))
      throw await lossNotFinite(dataSource, losses, whereOf(split, batch, number, step));
    for (const name of Object.keys(sums) as (keyof EpochLosses)[]) sums[name] += losses[name];
    log.add(losses);
    const imagesPerSecond = (step * batchSize * 1000) / (performance.now() - startedAt);
    const secondsLeft = ((steps - step + (epochs - number) * steps) * batchSize) / imagesPerSecond;
    await recorder.progress(run, {
      phase: TrainingPhase.TRAINING,
      epoch: number,
      step,
      steps,
      ...lossesOf(losses),
      ...fixed,
      attentionMinimum: losses.attentionMinimum,
      attentionMaximum: losses.attentionMaximum,
      imagesPerSecond,
      secondsLeft,
    });
  }
  return {
    losses: meanLosses(sums, steps),
    imagesPerSecond: (steps * batchSize * 1000) / (performance.now() - startedAt),
    steps: log.finish(),
  };
}

function meanLosses(sums: LossSums, steps: number): EpochLosses {
  return {
    total: sums.total / steps,
    crossEntropy: sums.crossEntropy / steps,
    kullbackLeibler: sums.kullbackLeibler / steps,
    rankRegularization: sums.rankRegularization / steps,
  };
}

/** Where a step is, for a message. */
interface Place {
  epoch: number;
  step: number;
  /** Rows of its samples. */
  samples: number[];
}

function whereOf({ sampleRows }: LoadedSplit, { positions }: Batch, epoch: number, step: number): Place {
  return { epoch, step, samples: Array.from(positions, (position) => sampleRows[position]) };
}

async function evaluateAll(
  { kernels, compile, recorder }: TrainingDependencies,
  run: TrainingRun,
  session: TrainingSession,
  splits: LoadedSplit[],
  { number, trained, stop }: { number: number; trained: TrainedEpoch; stop: AbortSignal },
): Promise<SplitOutputs[]> {
  const steps = splits.reduce((sum, { images }) => sum + images.length, 0);
  const outputs: SplitOutputs[] = [];
  const forwardPass = await openForwardPass(session.network, { kernels, compile });
  let before = 0;
  const evaluate = async (split: LoadedSplit): Promise<SplitOutputs> => {
    const start = before;
    const onBatch = async (done: number): Promise<void> => {
      await nextTurn();
      stop.throwIfAborted();
      const { imagesPerSecond } = trained;
      await recorder.progress(run, {
        phase: TrainingPhase.EVALUATING,
        epoch: number,
        step: start + done,
        steps,
        ...lossesOf(trained.losses),
        imagesPerSecond,
        secondsLeft: null,
      });
    };
    before += split.images.length;
    return evaluateSplit(split, {
      forwardPass,
      imageSize: run.configuration.imageSize,
      classes: session.config.classes,
      onBatch,
    });
  };
  try {
    for (const split of splits) outputs.push(await evaluate(split));
    return outputs;
  } finally {
    forwardPass.close();
  }
}

function lossesOf({
  total,
  crossEntropy,
  kullbackLeibler,
  rankRegularization,
}: EpochLosses): Pick<TrainingProgress, 'loss' | 'crossEntropy' | 'kullbackLeibler' | 'rankRegularization'> {
  return { loss: total, crossEntropy, kullbackLeibler, rankRegularization };
}

/** Sample keys that a message names; the rest are counted. */
const namedSamples = 8;

async function lossNotFinite(dataSource: DataSource, losses: EpochLosses, at: Place): Promise<PlatformError> {
  const found: { key: string }[] = await dataSource.query(
    'SELECT s.key FROM unnest($1::int[]) WITH ORDINALITY AS u("row", place) JOIN sample s ON s."row" = u."row" ORDER BY u.place',
    [at.samples],
  );
  const keys = found.map(({ key }) => key);
  const more = keys.length > namedSamples ? ` and ${keys.length - namedSamples} more` : '';
  const parts = `CE ${losses.crossEntropy}, KL ${losses.kullbackLeibler}, RR ${losses.rankRegularization}`;
  return new PlatformError(
    'LOSS_NOT_FINITE',
    `The loss became ${losses.total} in epoch ${at.epoch}, step ${at.step} (${parts}), on the batch of ${keys.slice(0, namedSamples).join(', ')}${more}. A smaller learning rate may help; the epochs before are kept.`,
    { ...at, samples: keys },
  );
}

/** Lets cancellations and timers run between two steps: tensor work holds the thread. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
