import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { ConflictError, inputError, InvalidInputError, messageOf } from '../errors.js';
import type { DatasetService } from '../datasets/dataset.service.js';
import type { ExperimentPlan } from '../experiments/experiment-plan.js';
import { ExperimentMeasure, resultsOf } from '../experiments/experiment-results.js';
import { tableOf, TableFormat } from '../experiments/experiment-tables.js';
import type { ExperimentPreview, ExperimentService } from '../experiments/experiment.service.js';
import { ReadyMade, readyMadeFactors } from '../experiments/ready-made.js';
import type { LabelSetService } from '../labels/label-set.service.js';
import { RunState } from '../runs/training-run.entity.js';
import { Split } from '../split.js';
import { findDataset } from './find-dataset.js';

export interface ExperimentSession {
  experiments: ExperimentService;
  datasets: DatasetService;
  labelSets: LabelSetService;
  startWorker(): Promise<string>;
  close(): Promise<void>;
}

const settings = z.record(z.string(), z.unknown());
const file = z.strictObject({
  name: z.string(),
  datasets: z.array(z.string()),
  labelSets: z.array(z.string()).default([]),
  settings: settings.default({}),
  factors: z
    .array(z.strictObject({ name: z.string(), levels: z.array(z.strictObject({ name: z.string(), settings })) }))
    .default([]),
  readyMade: z.array(z.enum(ReadyMade)).default([]),
  seeds: z.array(z.number()),
});

interface Flags {
  dryRun: boolean;
  confirm: boolean;
  measure: ExperimentMeasure;
  split: Split;
  format: TableFormat;
}

const pollMilliseconds = 500;
const over: readonly RunState[] = [RunState.COMPLETED, RunState.FAILED, RunState.CANCELLED];

/** `adadf experiment FILE.json`: a set of runs through the queue, and their table when they have ended. */
export function experimentCommand(connect: () => Promise<ExperimentSession>): Command {
  return new Command('experiment')
    .description('Train a set of runs that answer one question, and print their table with tests.')
    .argument('<file>', 'JSON: name, datasets, labelSets, settings, factors, readyMade, seeds; see docs/experiments.md')
    .option('--dry-run', 'say every problem, the runs and what they would cost; start nothing', false)
    .option('--confirm', 'start it however much it takes', false)
    .addOption(
      new Option('--measure <name>', 'what the table shows')
        .choices(Object.values(ExperimentMeasure))
        .default(ExperimentMeasure.ACCURACY),
    )
    .addOption(new Option('--split <split>', 'of which split').choices(Object.values(Split)).default(Split.TEST))
    .addOption(
      new Option('--format <format>', 'how the table is written')
        .choices(Object.values(TableFormat))
        .default(TableFormat.MARKDOWN),
    )
    .action(async (path: string, flags: Flags) => {
      const session = await connect();
      try {
        const plan = await readPlan(session, path);
        const preview = await session.experiments.preview(plan);
        if (flags.dryRun || preview.problems.length > 0) {
          process.stdout.write(printPreview(preview));
          if (!flags.dryRun) throw inputError(preview.problems);
          process.exitCode = preview.problems.length > 0 ? 1 : 0;
          return;
        }
        process.stdout.write(printPreview(preview));
        const experiment = await session.experiments.start(plan, flags.confirm);
        process.stdout.write(
          `${experiment.id} "${experiment.name}" is queued.\n${await session.startWorker()} trains it.\n`,
        );
        await untilOver(session, experiment.row);
        const results = resultsOf(await session.experiments.valuesOf(experiment, flags.measure, flags.split));
        process.stdout.write(`\n${tableOf(results, flags.measure, flags.format)}`);
      } finally {
        await session.close();
      }
    });
}

/** Data sets and label sets of the file may be names. */
async function readPlan(session: ExperimentSession, path: string): Promise<ExperimentPlan> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InvalidInputError(path, `a JSON file (${messageOf(error)})`, path);
  }
  const parsed = file.safeParse(json);
  if (!parsed.success)
    throw inputError(
      parsed.error.issues.map(
        (issue) => new InvalidInputError(issue.path.join('.') || path, issue.message, 'something else'),
      ),
    );
  const { readyMade, ...given } = parsed.data;
  const datasets = [];
  for (const name of given.datasets) datasets.push(await findDataset(session.datasets, name));
  const labelSets = [];
  if (given.labelSets.length > 0 && datasets.length > 1)
    throw new ConflictError('Label sets belong to one data set: name one data set, or no label set.');
  for (const name of given.labelSets) labelSets.push(await session.labelSets.find(datasets[0], name));
  return {
    ...given,
    datasets: datasets.map(({ id }) => id),
    labelSets: labelSets.map(({ id }) => id),
    factors: [...given.factors, ...readyMade.map((kind) => readyMadeFactors[kind])],
  };
}

function printPreview({
  arms,
  runs,
  reused,
  problems,
  images,
  seconds,
  bytes,
  workers,
  needsConfirmation,
}: ExperimentPreview): string {
  if (problems.length > 0) return problems.map(({ message }) => `Wrong: ${message}\n`).join('');
  const time = seconds === null ? 'an unknown time, for nothing was trained here yet' : hours(seconds / workers);
  return [
    `${arms.length} arms, ${runs} runs${reused > 0 ? `, ${reused} of them trained before` : ''}:`,
    ...arms.map(({ name }) => `  ${name}`),
    `${images} training images, ${time} on ${workers} ${workers === 1 ? 'worker' : 'workers'}, ${(bytes / 1e6).toFixed(0)} MB of disk.`,
    needsConfirmation ? 'That is much: start it with --confirm.\n' : '',
  ].join('\n');
}

function hours(seconds: number): string {
  return seconds < 3600 ? `about ${Math.ceil(seconds / 60)} minutes` : `about ${(seconds / 3600).toFixed(1)} hours`;
}

async function untilOver({ experiments }: ExperimentSession, row: number): Promise<void> {
  const said = new Set<string>();
  for (;;) {
    const experiment = await experiments.byRow(row);
    const places = experiment ? await experiments.runsOf(experiment) : [];
    for (const { arm, seed, run } of places) {
      const key = `${arm}, seed ${seed}`;
      if (run && over.includes(run.state) && !said.has(key)) {
        said.add(key);
        process.stdout.write(
          `${said.size}/${places.length} ${key}: ${run.id} ${run.state}${run.error ? ` (${run.error})` : ''}\n`,
        );
      }
    }
    if (places.every(({ run }) => !run || over.includes(run.state))) return;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}
