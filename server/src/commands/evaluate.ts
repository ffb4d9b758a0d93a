import { Command, Option } from 'commander';
import { Split } from '../split.js';
import type { DatasetService } from '../datasets/dataset.service.js';
import { PlatformError } from '../errors.js';
import type { EvaluationService } from '../predictions/evaluation/evaluation.service.js';
import { TestTimeCrops } from '../runs/settings/choices.js';
import { RunState, TrainingPhase, type TrainingRun } from '../runs/training-run.entity.js';
import type { TrainingService } from '../runs/training.service.js';
import { onInterruption } from './interruption.js';
import { progressLine } from './progress-line.js';

export interface EvaluateSession {
  datasets: DatasetService;
  evaluations: EvaluationService;
  training: TrainingService;
  /** Numbers to print; one line. */
  summary(run: TrainingRun, epoch: number): Promise<string>;
  close(): Promise<void>;
}

interface EvaluateFlags {
  model: string;
  checkpoint?: string;
  dataset: string;
  labelSet?: string;
  splits?: string[];
  testTimeCrops?: TestTimeCrops;
}

const pollMilliseconds = 200;

/** `adadf evaluate`: through the queue, with a progress bar; Ctrl-C cancels it. */
export function evaluateCommand(connect: () => Promise<EvaluateSession>): Command {
  return new Command('evaluate')
    .description('Ask a model about every sample of a data set, and record what it says.')
    .requiredOption('--model <id>', 'like model_1')
    .requiredOption('--dataset <name or id>', 'a data set with the classes of the model')
    .option('--checkpoint <id>', 'one of the model (default: BEST, else LAST, else IMPORTED)')
    .option('--label-set <id>', 'whose labels count as given (default: those of the import)')
    .option('--splits <names>', 'train, validation, test, with commas between (default: all)', (text) =>
      text.split(',').map((name) => name.trim().toUpperCase()),
    )
    .addOption(
      new Option('--test-time-crops <choice>', 'views of an image that are averaged').choices(
        Object.values(TestTimeCrops),
      ),
    )
    .action(async (flags: EvaluateFlags) => {
      const wrong = flags.splits?.find((name) => !(name in Split));
      if (wrong)
        throw new PlatformError(
          'INVALID_INPUT',
          `--splits: expected train, validation, test, found "${wrong.toLowerCase()}".`,
        );
      const session = await connect();
      try {
        const dataset = await findDataset(session.datasets, flags.dataset);
        const evaluation = await session.evaluations.start({
          ...flags,
          dataset,
          splits: flags.splits as Split[] | undefined,
        });
        process.stdout.write(`${evaluation.id} is queued; its record is ${evaluation.run.id}.\n`);
        process.exitCode = await follow(session, evaluation.run.row);
      } finally {
        await session.close();
      }
    });
}

async function findDataset(datasets: DatasetService, nameOrId: string): Promise<string> {
  const all = await datasets.list();
  const found = all.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (found) return found.id;
  throw new PlatformError(
    'NOT_FOUND',
    `There is no data set "${nameOrId}". There are: ${all.map(({ name }) => name).join(', ') || 'none yet; import one first'}.`,
  );
}

/** @returns the exit code. */
async function follow(session: EvaluateSession, row: number): Promise<number> {
  const bar = progressLine('evaluating', 'images');
  const cancel = (): void =>
    void session.training.cancel(`run_${row}`).catch((error: Error) => process.stderr.write(`${error.message}\n`));
  const stopListening = onInterruption(cancel);
  try {
    for (;;) {
      const run = await session.training.byRow(row);
      if (!run) throw new PlatformError('NOT_FOUND', `run_${row} was deleted while it was evaluated.`);
      if (run.progress?.phase === TrainingPhase.EVALUATING) bar.show(run.progress.step, run.progress.steps);
      if (run.finishedAt) {
        bar.end();
        if (run.state === RunState.COMPLETED)
          process.stdout.write(`${(await session.summary(run, 1)).replace(/^epoch\s+1\s+/, '')}\n`);
        else process.stderr.write(`${run.id} ${run.state}${run.error ? `: ${run.error}` : ''}\n`);
        return run.state === RunState.COMPLETED ? 0 : run.state === RunState.CANCELLED ? 130 : 1;
      }
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  } finally {
    bar.end();
    stopListening();
  }
}
