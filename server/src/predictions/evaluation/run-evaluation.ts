import { disposeNetwork, networkFromWeights } from '../../ada-df/network.js';
import { ConflictError } from '../../errors.js';
import { openForwardPass, type ForwardPass } from '../../models/forward-pass/forward-pass.js';
import {
  readCheckpointWeights,
  wholeNetwork,
  type CheckpointWeights,
} from '../../models/exports/checkpoint-weights.js';
import type { AdaDfConfig } from '../../ada-df/config.js';
import type { EpochResult, SplitOutputs } from '../../runs/recorded/epoch-result.js';
import { evaluateSplit } from '../../training/evaluate.js';
import { type LoadedSplit, loadSplits } from '../../training/load-split.js';
import type { TrainingDependencies } from '../../training/training-dependencies.js';
import { TrainingPhase, type TrainingRun } from '../../runs/training-run.entity.js';
import { classDistributionsOf, type KnownDistributions } from './class-distributions-of.js';
import { type ClassOrder, classOrder, reorderMatrix, reorderOutputs } from './class-order.js';
import { Evaluation } from './evaluation.entity.js';
import { evaluationLosses } from './evaluation-losses.js';

/** An evaluation has one epoch; its number says nothing. */
const onlyEpoch = 1;

const nothingTrained = {
  loss: null,
  crossEntropy: null,
  kullbackLeibler: null,
  rankRegularization: null,
  imagesPerSecond: null,
  secondsLeft: null,
};

/**
 * Evaluates the checkpoint of an evaluation over its splits and records it as the only epoch of `run`. An evaluation
 * that was cut off begins anew.
 */
export async function evaluateToTheEnd(
  dependencies: TrainingDependencies,
  run: TrainingRun,
  stop: AbortSignal,
): Promise<void> {
  const { dataSource, recorder, files } = dependencies;
  const evaluation = await dataSource
    .getRepository(Evaluation)
    .findOneOrFail({ where: { runRow: run.row }, relations: { checkpoint: { model: true } } });
  const { checkpoint } = evaluation;
  if (!checkpoint || checkpoint.sha256 !== evaluation.checkpointSha256)
    throw new ConflictError(
      `The checkpoint that ${evaluation.id} was asked for has made way for a newer one, or was deleted; ask again.`,
      { evaluation: evaluation.id },
    );
  const { model } = checkpoint;
  const weights = wholeNetwork(await readCheckpointWeights(files, model, checkpoint), model);
  const order = classOrder(model.classes, run.dataset.classes, 'dataset');
  await recorder.note(
    run,
    'INFO',
    `evaluates ${model.id}, checkpoint ${checkpoint.id}, on ${dependencies.backend}, ${dependencies.device}`,
  );
  const splits = await loadSplits(dependencies, run, {
    only: evaluation.splits,
    signal: stop,
    onProgress: (step, steps) =>
      recorder.progress(run, { ...nothingTrained, phase: TrainingPhase.LOADING, epoch: onlyEpoch, step, steps }),
  });
  const startedAt = performance.now();
  const outputs = await withForwardPass(dependencies, weights, order, (forwardPass) =>
    evaluateAll(dependencies, run, forwardPass, splits, stop),
  );
  const known = await classDistributionsOf(dataSource.manager, checkpoint, weights);
  await recorder.epoch(
    run,
    resultOf({ run, outputs, known, order, config: weights.config, seconds: (performance.now() - startedAt) / 1000 }),
    new Map(),
  );
}

type Whole = CheckpointWeights & { config: AdaDfConfig };

async function withForwardPass<T>(
  { kernels, compile }: TrainingDependencies,
  { config, tensors }: Whole,
  order: ClassOrder,
  work: (forwardPass: ForwardPass) => Promise<T>,
): Promise<T> {
  const network = networkFromWeights(config, tensors);
  try {
    const pass = await openForwardPass(network, { kernels, compile });
    try {
      return await work({
        ...pass,
        evaluate: async (images, size) => reorderOutputs(await pass.evaluate(images, size), order),
      });
    } finally {
      pass.close();
    }
  } finally {
    disposeNetwork(network);
  }
}

async function evaluateAll(
  { recorder }: TrainingDependencies,
  run: TrainingRun,
  forwardPass: ForwardPass,
  splits: LoadedSplit[],
  stop: AbortSignal,
): Promise<SplitOutputs[]> {
  const steps = splits.reduce((sum, { images }) => sum + images.length, 0);
  const startedAt = performance.now();
  const outputs: SplitOutputs[] = [];
  let before = 0;
  for (const split of splits) {
    const start = before;
    const onBatch = async (done: number): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      stop.throwIfAborted();
      const rate = ((start + done) * 1000) / (performance.now() - startedAt);
      await recorder.progress(run, {
        ...nothingTrained,
        phase: TrainingPhase.EVALUATING,
        epoch: onlyEpoch,
        step: start + done,
        steps,
        imagesPerSecond: rate,
        secondsLeft: (steps - start - done) / rate,
      });
    };
    outputs.push(
      await evaluateSplit(split, {
        forwardPass,
        imageSize: run.configuration.imageSize,
        classes: run.dataset.classes.length,
        onBatch,
      }),
    );
    before += split.images.length;
  }
  return outputs;
}

interface Evaluated {
  run: TrainingRun;
  outputs: SplitOutputs[];
  known: KnownDistributions;
  order: ClassOrder;
  config: AdaDfConfig;
  seconds: number;
}

function resultOf({ run, outputs, known, order, config, seconds }: Evaluated): EpochResult {
  const classes = run.dataset.classes.length;
  const inOrder = <T>(values: T[]): T[] => (order === null ? values : order.map((place) => values[place]));
  const classDistributions = reorderMatrix(known.rows, order);
  const { minimumFusionWeight: minimum, maximumFusionWeight: maximum, fusionSource: source } = run.configuration;
  const samples = outputs.reduce((sum, { labels }) => sum + labels.length, 0);
  return {
    number: onlyEpoch,
    classes,
    learningRate: config.learningRate,
    ramps: { kullbackLeibler: 1, crossEntropy: 1 },
    losses: evaluationLosses(outputs, classDistributions, { minimum, maximum, source }),
    imagesPerSecond: samples / seconds,
    durationSeconds: seconds,
    classDistributions,
    fallbackRows: inOrder(known.fallbackRows),
    classCounts: inOrder(known.classCounts),
    outputs,
  };
}
