import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { GraphQLSchema } from 'graphql';
import type { EntityManager } from 'typeorm';
import type { AnalysisFilter } from '../analysis/lists/analysis-filter.js';
import { allColumns, columnName } from '../analysis/columns/column.js';
import type { ColumnService } from '../analysis/columns/column.service.js';
import { parseColumns } from '../analysis/columns/columns-url.js';
import { exportColumns } from '../analysis/columns/files/export-columns.js';
import { parseFilter } from '../analysis/columns/parse-filter.js';
import { columnFiles } from '../analysis/columns/files/formats.js';
import { splits, type Split } from '../split.js';
import { ConflictError, InvalidInputError } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import { exportSteps } from './export-steps.js';
import { progressLine, untilInterrupted } from './progress-line.js';

export interface ExportSession {
  columns: ColumnService;
  manager: EntityManager;
  /** Says what a filter is. */
  schema: GraphQLSchema;
  close(): Promise<void>;
}

interface ExportFlags {
  format: string;
  epoch?: number;
  split?: Split;
  columns?: string;
  filter?: string;
  output?: string;
  force: boolean;
  steps: boolean;
}

/** `adadf export RUN`: what a run says of every sample after an epoch, as a file. */
export function exportCommand(connect: () => Promise<ExportSession>): Command {
  return new Command('export')
    .description(
      'Write what a run says of every sample after an epoch into a file: labels, distributions, attention, measures.',
    )
    .argument('<run>', 'id of the run, like run_1')
    .addOption(new Option('--format <format>', 'format of the file').choices(Object.keys(columnFiles)).default('csv'))
    .addOption(new Option('--epoch <number>', 'epoch, counted from 1 (default: the newest)').argParser(epochNumber))
    .addOption(new Option('--split <split>', 'only this split').choices(splits))
    .option(
      '--columns <names>',
      `columns with commas between (default: all but places of an embedding): ${allColumns.map(columnName).join(', ')}`,
    )
    .option('--filter <json>', 'only samples that meet an AnalysisFilter of the API, e.g. \'{"correct":false}\'')
    .option('-o, --output <file>', 'where to write (default: RUN-epoch-N.FORMAT in this directory)')
    .option('--force', 'replace a file that is there', false)
    .option('--steps', 'instead, what every training step reported (losses, range of attention), as csv', false)
    .action(async (run: string, flags: ExportFlags) => {
      const session = await connect();
      try {
        process.stdout.write(
          `${flags.steps ? await writeSteps(session, run, flags) : await writeSamples(session, run, flags)}\n`,
        );
      } finally {
        await session.close();
      }
    });
}

/** @returns what was done. */
async function writeSteps(session: ExportSession, run: string, flags: ExportFlags): Promise<string> {
  const unfit = (['epoch', 'split', 'columns', 'filter'] as const).filter((name) => flags[name] !== undefined);
  if (flags.format !== 'csv')
    throw new InvalidInputError('format', 'csv: steps are written as nothing else', flags.format);
  if (unfit.length > 0)
    throw new InvalidInputError(unfit[0], 'nothing beside --steps, which are of the whole run', flags[unfit[0]]);
  const file = path.resolve(flags.output ?? `${run}-steps.csv`);
  const question = { runRow: rowOf('run', run, 'run'), run, file, force: flags.force };
  const lines = await exportSteps(session.manager, question);
  return `${file}: ${lines} steps of ${run}`;
}

async function writeSamples(session: ExportSession, run: string, flags: ExportFlags): Promise<string> {
  const runRow = rowOf('run', run, 'run');
  const columns = parseColumns(flags.columns ?? null);
  const bar = progressLine('exporting', 'samples');
  try {
    const filter = withSplit(parseFilter(flags.filter ?? null, session.schema), flags.split);
    const question = { epoch: flags.epoch ?? null, filter, columns, from: 0, to: null };
    const reading = await session.columns.open(runRow, question);
    if (!reading) throw new ConflictError(`${run} has no epoch yet.`, { run });
    const file = path.resolve(flags.output ?? `${run}-epoch-${reading.source.epoch}.${flags.format}`);
    const onProgress = (done: number, total: number): void => bar.show(done, total);
    const samples = await untilInterrupted((signal) =>
      exportColumns(reading, { format: flags.format, file, force: flags.force, signal, onProgress }),
    );
    return `${file}: ${samples} samples of ${run} after epoch ${reading.source.epoch}, ${columns.length} columns`;
  } finally {
    bar.end();
  }
}

function epochNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError(`expected a number from 1 on, found "${text}"`);
  return Number(text);
}

function withSplit(filter: AnalysisFilter, split: Split | undefined): AnalysisFilter {
  return split ? ({ and: [{ split }, filter] } as AnalysisFilter) : filter;
}
