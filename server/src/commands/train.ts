import { Command } from 'commander';
import { SingleBar } from 'cli-progress';
import type { DatasetService } from '../datasets/dataset.service.js';
import { PlatformError } from '../errors.js';
import type { LabelSetService } from '../labels/label-set.service.js';
import type { StartTrainingInput } from '../runs/settings/training-input.js';
import type { TrainingPlanner } from '../runs/settings/training-plan.js';
import { RunState, TrainingPhase, type TrainingRun } from '../runs/training-run.entity.js';
import type { TrainingService } from '../runs/training.service.js';
import { onInterruption } from './interruption.js';
import { findDataset } from './find-dataset.js';
import { printPlan, trainingOptions } from './training-options.js';

export interface TrainSession {
  training: TrainingService;
  datasets: DatasetService;
  labelSets: LabelSetService;
  planner: TrainingPlanner;
  /** Numbers to print after an epoch; one line. */
  summary(run: TrainingRun, epoch: number): Promise<string>;
  /** Who will train, e.g. "a worker of the platform"; started here where nobody else would. */
  startWorker(): Promise<string>;
  close(): Promise<void>;
}

interface TrainOptions {
  dataset: string;
  labelSet?: string;
  dryRun?: boolean;
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
  return command.action(async (options: Record<string, unknown> & TrainOptions) => {
    const session = await connect();
    try {
      const dataset = await findDataset(session.datasets, options.dataset);
      const labelSet =
        options.labelSet === undefined ? null : (await session.labelSets.find(dataset, options.labelSet)).id;
      const { dryRun, ...settings } = options;
      const input = { ...settings, dataset: dataset.id, labelSet } as StartTrainingInput;
      const plan = await session.planner.plan(input);
      process.stdout.write(printPlan(plan));
      if (dryRun) {
        process.exitCode = plan.problems.length > 0 ? 1 : 0;
        return;
      }
      const run = await session.training.start(input);
      process.stdout.write(`${run.id} "${run.name}" is queued.\n`);
      process.stdout.write(`${await session.startWorker()} trains it.\n`);
      process.exitCode = exitCodes[await follow(session, run)] ?? 0;
    } finally {
      await session.close();
    }
  });
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
