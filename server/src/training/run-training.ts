import { Split } from '../split.js';
import { PlatformError } from '../errors.js';
import { AugmentationThreads } from './augmentation/augmentation-threads.js';
import { augmentationSettings } from './augmentation/settings.js';
import { isDatabaseOutage } from '../database-outage.js';
import { loadSplits, type LoadedSplit } from './load-split.js';
import { localTrainer, type Trainer } from './trainer.js';
import type { TakenRun } from '../runs/queue/run-lease.js';
import type { EpochResult } from '../runs/recorded/epoch-result.js';
import type { TrainingRecorder } from './record-training.js';
import { RunStopped } from './run-stopped.js';
import type { TrainingDependencies } from './training-dependencies.js';
import { failureMessage } from './training-failure.js';
import { RunState, TrainingPhase, TrainingRun } from '../runs/training-run.entity.js';
import { TrainingSession } from './training-session.js';
import { trainEpoch } from './train-epoch.js';

/**
 * Carries a run to its end by the runner of its kind, and records how it ended.
 * Resolves when the run has ended (completed, failed, cancelled). Rejects with RunStopped when it has to go on
 * elsewhere: the worker stops, lost the
 * run, or the database is away.
 */
export async function runTraining(
  dependencies: TrainingDependencies,
  taken: TakenRun,
  stop: AbortSignal,
): Promise<void> {
  const { dataSource, recorder } = dependencies;
  const run = await dataSource
    .getRepository(TrainingRun)
    .findOne({ where: { row: taken.row }, relations: { dataset: true, model: true } });
  if (!run || run.lease !== taken.lease) throw new RunStopped('lost');
  if (run.cancelRequested) return recorder.ended(run, RunState.CANCELLED, null);
  try {
    await recorder.started(run, {
      backend: dependencies.backend,
      device: dependencies.device,
      ...dependencies.provenance,
    });
    await dependencies.runners[run.kind](dependencies, run, stop);
    await recorder.ended(run, RunState.COMPLETED, null);
    await recorder.note(run, 'INFO', 'completed');
  } catch (error) {
    await stopped(dependencies, run, error);
  }
}

async function stopped(
  { recorder, log, giveBack }: TrainingDependencies,
  run: TrainingRun,
  error: unknown,
): Promise<void> {
  if (isDatabaseOutage(error)) throw new RunStopped('database-away');
  if (!(error instanceof RunStopped)) {
    log(`${run.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const message = failureMessage(error, run);
    await recorder.ended(run, RunState.FAILED, message);
    return recorder.note(run, 'ERROR', message);
  }
  log(`${run.id}: ${error.why}`);
  if (error.why === 'cancelled') {
    await recorder.ended(run, RunState.CANCELLED, null);
    return recorder.note(run, 'INFO', 'cancelled; the epochs recorded stay');
  }
  if (error.why === 'worker-stopping') {
    await recorder.returned(run, (manager) => giveBack(manager, run));
    await recorder.note(run, 'INFO', 'its worker stops; another goes on from the last checkpoint');
  }
  throw error;
}

/** The runner of `RunKind.TRAINING`: every epoch that is left, each recorded with its checkpoints. */
export async function trainToTheEnd(
  dependencies: TrainingDependencies,
  run: TrainingRun,
  stop: AbortSignal,
): Promise<void> {
  const { recorder } = dependencies;
  const { epochs } = run.configuration;
  const session = await TrainingSession.open(dependencies, run);
  let trainer: Trainer | undefined;
  const augmenter = new AugmentationThreads(augmentationSettings(run.configuration));
  try {
    const { finishedEpochs } = session;
    await recorder.note(
      run,
      'INFO',
      `${finishedEpochs === 0 ? 'begins' : `goes on after epoch ${finishedEpochs}`} on ${dependencies.backend}, ${dependencies.device}`,
    );
    const splits = await loadMaterial(dependencies, run, finishedEpochs, stop);
    if (run.configuration.patience !== null && !splits.some(({ split }) => split === Split.VALIDATION))
      await recorder.note(run, 'WARN', 'there is no validation split, so patience cannot end the run early');
    trainer = await openTrainer(dependencies, run, session);
    let longest = 0;
    while (session.finishedEpochs < epochs && !session.stalled) {
      const begun = performance.now();
      // What is trained of an epoch that does not fit would be trained again elsewhere.
      if (longest > (dependencies.secondsLeft?.() ?? Infinity)) throw new RunStopped('worker-stopping');
      const result = await trainEpoch(dependencies, run, session, trainer, { splits, augmenter }, stop);
      await recordEpoch(dependencies, run, session, result);
      longest = Math.max(longest, (performance.now() - begun) / 1000);
    }
    if (session.finishedEpochs < epochs)
      await recorder.note(
        run,
        'INFO',
        `ends early: validation accuracy has not risen for ${run.configuration.patience} epochs`,
      );
  } finally {
    await trainer?.close();
    await augmenter.close();
    session.close();
  }
}

async function loadMaterial(
  dependencies: TrainingDependencies,
  run: TrainingRun,
  finishedEpochs: number,
  signal: AbortSignal,
): Promise<LoadedSplit[]> {
  const loading = { ...notTrainingYet, phase: TrainingPhase.LOADING, epoch: finishedEpochs + 1 };
  const splits = await loadSplits(dependencies, run, {
    signal,
    onProgress: (step, steps) => dependencies.recorder.progress(run, { ...loading, step, steps }),
  });
  checkTrainable(splits);
  return splits;
}

async function recordEpoch(
  { recorder }: TrainingDependencies,
  run: TrainingRun,
  session: TrainingSession,
  result: EpochResult,
): Promise<void> {
  const { number, losses, imagesPerSecond, durationSeconds } = result;
  const startedAt = performance.now();
  await recorder.progress(run, {
    ...notTrainingYet,
    phase: TrainingPhase.RECORDING,
    epoch: number,
    step: 0,
    steps: 1,
  });
  await recorder.epoch(run, result, await session.checkpoints(result));
  const seconds = (performance.now() - startedAt) / 1000;
  await recorder.note(
    run,
    'INFO',
    `epoch ${number}/${run.configuration.epochs}: loss ${losses.total.toFixed(4)}, ${imagesPerSecond.toFixed(0)} images/s, ${durationSeconds.toFixed(1)} s and ${seconds.toFixed(2)} s to record it`,
  );
  if (number === 1) await warnOfClasses(recorder, run, result);
}

async function openTrainer(
  { kernels, openTrainer: open }: TrainingDependencies,
  run: TrainingRun,
  { network, adam, config }: TrainingSession,
): Promise<Trainer> {
  const learner = { network, adam, kernels, config };
  return open ? open(learner, run.configuration.batchSize) : localTrainer(learner);
}

/** A class without samples never gets a distribution of its own: said once, after the first epoch. */
async function warnOfClasses(
  recorder: TrainingRecorder,
  run: TrainingRun,
  { fallbackRows, classCounts }: EpochResult,
): Promise<void> {
  const empty = run.dataset.classes.filter((_, place) => classCounts[place] === 0);
  if (empty.length > 0)
    await recorder.note(
      run,
      'WARN',
      `no training sample is labelled ${empty.join(', ')}; ${empty.length === 1 ? 'its class distribution stays' : 'their class distributions stay'} the fallback`,
    );
  if (fallbackRows.every(Boolean))
    await recorder.note(
      run,
      'INFO',
      'every class distribution is the fallback after epoch 1: the network is not sure of any class yet',
    );
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
  if (splits[0]?.split !== 'TRAIN')
    throw new PlatformError('NO_TRAINING_SAMPLES', 'The data set has no training samples.');
}
