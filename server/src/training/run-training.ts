import { messageOf, PlatformError } from '../errors.js';
import { AugmentationThreads } from './augmentation/augmentation-threads.js';
import { augmentationSettings } from './augmentation/settings.js';
import { loadSplits, type LoadedSplit } from './load-split.js';
import { localTrainer, type Trainer } from './trainer.js';
import type { TrainingDependencies } from './training-dependencies.js';
import { RunState, TrainingPhase, TrainingRun } from './training-run.entity.js';
import { TrainingSession } from './training-session.js';
import { trainEpoch } from './train-epoch.js';

/** Why a run stops before its end. */
export type StopReason = 'cancelled' | 'worker-stopping' | 'lost';

/** Give it to `AbortController.abort` of the signal a run trains under. */
export class RunStopped extends PlatformError {
  constructor(readonly why: StopReason) {
    super('RUN_STOPPED', `The run was stopped: ${why}.`, { why });
  }
}

/**
 * Trains a run from its last checkpoint, or from the start, to its end, and records every epoch.
 * Resolves when the run has ended (completed, failed, cancelled). Rejects when it has to go on elsewhere: the worker stops, or lost the run.
 */
export async function runTraining(dependencies: TrainingDependencies, runRow: number, stop: AbortSignal): Promise<void> {
  const { dataSource, recorder, log } = dependencies;
  const run = await dataSource.getRepository(TrainingRun).findOne({ where: { row: runRow }, relations: { dataset: true, model: true } });
  if (!run || (run.state !== RunState.QUEUED && run.state !== RunState.RUNNING)) return;
  if (run.cancelRequested) return recorder.ended(run, RunState.CANCELLED, null);
  try {
    await recorder.started(run, dependencies.backend, dependencies.device);
    await trainToTheEnd(dependencies, run, stop);
    await recorder.ended(run, RunState.COMPLETED, null);
    log(`${run.id} completed`);
  } catch (error) {
    await stopped(dependencies, run, error);
  }
}

async function stopped({ recorder, log }: TrainingDependencies, run: TrainingRun, error: unknown): Promise<void> {
  if (!(error instanceof RunStopped)) {
    log(`${run.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return recorder.ended(run, RunState.FAILED, messageOf(error));
  }
  log(`${run.id}: ${error.why}`);
  if (error.why === 'cancelled') return recorder.ended(run, RunState.CANCELLED, null);
  if (error.why === 'worker-stopping') await recorder.returned(run);
  throw error;
}

async function trainToTheEnd(dependencies: TrainingDependencies, run: TrainingRun, stop: AbortSignal): Promise<void> {
  const { recorder } = dependencies;
  const { epochs } = run.configuration;
  const session = await TrainingSession.open(dependencies, run);
  let trainer: Trainer | undefined;
  const augmenter = new AugmentationThreads(augmentationSettings(run.configuration));
  try {
    const splits = await loadSplits(dependencies.dataSource, run, {
      signal: stop,
      onProgress: (step, steps) => recorder.progress(run, { ...notTrainingYet, phase: TrainingPhase.LOADING, epoch: session.finishedEpochs + 1, step, steps }),
    });
    checkTrainable(splits);
    trainer = await openTrainer(dependencies, run, session);
    while (session.finishedEpochs < epochs) {
      const result = await trainEpoch(dependencies, run, session, trainer, { splits, augmenter }, stop);
      await recorder.epoch(run, result, await session.checkpoints(result));
      dependencies.log(`${run.id} epoch ${result.number}/${epochs}: loss ${result.losses.total.toFixed(4)}, ${result.imagesPerSecond.toFixed(0)} images/s`);
    }
  } finally {
    await trainer?.close();
    await augmenter.close();
    session.close();
  }
}

async function openTrainer({ kernels, openTrainer: open }: TrainingDependencies, run: TrainingRun, { network, adam, config }: TrainingSession): Promise<Trainer> {
  const learner = { network, adam, kernels, config };
  return open ? open(learner, run.configuration.batchSize) : localTrainer(learner);
}

const notTrainingYet = {
  loss: null,
  crossEntropy: null,
  kullbackLeibler: null,
  rankRegularization: null,
  imagesPerSecond: null,
  secondsLeft: null,
};

function checkTrainable(splits: LoadedSplit[]): void {
  if (splits[0]?.split !== 'TRAIN') throw new PlatformError('NO_TRAINING_SAMPLES', 'The data set has no training samples.');
}
