import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { InvalidInputError } from '../../errors.js';
import { readSplit } from '../../runs/recorded/columns.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import { fusionBounds } from './analyse-epoch.js';
import { analyseSplit } from './analyse-split.js';
import { readHumanLabels } from './human-labels.js';
import { EpochFacts, noRange } from '../samples/sample-analyses.js';
import { aggregateSplit } from './split-aggregates.js';
import { SplitAggregates } from './split-aggregates.entity.js';
import { toColumns } from '../../to-columns.js';

/** Null before the first one. */
export async function newestEpoch(manager: EntityManager, runRow: number): Promise<number | null> {
  const rows: { number: number | null }[] = await manager.query(
    'SELECT max(number) AS number FROM epoch WHERE run_row = $1',
    [runRow],
  );
  return rows[0].number;
}

/**
 * The newest epoch that spoke of a split: a recorded run need not speak of every split after every epoch. That of the
 * run where none did.
 */
export async function newestEpochOf(manager: EntityManager, run: TrainingRun, split: Split): Promise<number | null> {
  if (!isRecorded(run)) return newestEpoch(manager, run.row);
  const [found]: { epoch: number | null }[] = await manager.query(
    'SELECT max(epoch) AS epoch FROM split_metrics WHERE run_row = $1 AND split = $2::split',
    [run.row, split],
  );
  return found?.epoch ?? newestEpoch(manager, run.row);
}

/** For an epoch between recorded ones that is not recorded itself. */
export async function missingEpoch(
  manager: EntityManager,
  run: TrainingRun,
  epoch: number,
): Promise<InvalidInputError> {
  const known: { number: number }[] = await manager.query(
    'SELECT number FROM epoch WHERE run_row = $1 ORDER BY number',
    [run.row],
  );
  return new InvalidInputError('epoch', `one of the recorded epochs ${briefly(known.map((row) => row.number))}`, epoch);
}

const mostListed = 12;

function briefly(numbers: readonly number[]): string {
  if (numbers.length <= mostListed) return numbers.join(', ');
  return `${numbers.slice(0, mostListed - 1).join(', ')} ... ${numbers.at(-1)}`;
}

/** @returns `epoch`, or the newest where it is null. @throws InvalidInputError unless it is recorded. */
export function checkEpoch(epoch: number | null, newest: number): number {
  if (epoch !== null && (epoch < 1 || epoch > newest))
    throw new InvalidInputError(
      'epoch',
      newest === 1 ? 'epoch 1, the only one recorded' : `an epoch from 1 to ${newest}`,
      epoch,
    );
  return epoch ?? newest;
}

/**
 * What was counted over a split after a recorded epoch: one row, however many samples. Epochs recorded before there
 * were such rows are counted
 * from their columns once, and kept. `run` has its data set.
 * @throws InvalidInputError for a split that the run did not see.
 */
export async function readAggregates(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
  epoch: number,
): Promise<SplitAggregates> {
  const [found] = await manager
    .getRepository(SplitAggregates)
    .createQueryBuilder('g')
    .where(
      'g.epoch_row = (SELECT e."row" FROM epoch e WHERE e.run_row = :run AND e.number = :epoch) AND g.split = :split',
      { run: run.row, epoch, split },
    )
    .getMany();
  return found ?? countAgain(manager, run, split, epoch);
}

async function countAgain(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
  epoch: number,
): Promise<SplitAggregates> {
  const classes = run.dataset.classes.length;
  const outputs = await readSplit(manager, { runRow: run.row, classes, recorded: isRecorded(run) }, split, epoch);
  if (!outputs || outputs.sampleRows.length === 0) return throwMissingSplit(manager, run, split, epoch);
  const { classDistributions, attentionRanges } = (await EpochFacts.read(manager, [{ runRow: run.row, epoch }])).of(
    run.row,
    epoch,
  );
  const fusion = { classDistributions, range: attentionRanges[split] ?? noRange, bounds: fusionBounds(run) };
  const human = await readHumanLabels(manager, run, outputs.sampleRows);
  const counted = aggregateSplit(outputs, analyseSplit(outputs, classes, fusion, human, null), classes, fusion, human);
  const [{ row }] = (await manager.query('SELECT "row" FROM epoch WHERE run_row = $1 AND number = $2', [
    run.row,
    epoch,
  ])) as [{ row: number }];
  const aggregates = { epochRow: row, split, ...counted };
  await manager
    .getRepository(SplitAggregates)
    .createQueryBuilder()
    .insert()
    .values(toColumns<SplitAggregates>(aggregates))
    .orIgnore()
    .execute();
  return aggregates as SplitAggregates;
}

async function throwMissingSplit(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
  epoch: number,
): Promise<never> {
  if (isRecorded(run)) {
    const known: { epoch: number }[] = await manager.query(
      'SELECT epoch FROM split_metrics WHERE run_row = $1 AND split = $2::split ORDER BY epoch',
      [run.row, split],
    );
    if (known.length > 0)
      throw new InvalidInputError(
        'epoch',
        `an epoch of which ${split} was recorded: ${briefly(known.map((row) => row.epoch))}`,
        epoch,
      );
  }
  const seen: { split: Split }[] = await manager.query(
    'SELECT split FROM run_split WHERE run_row = $1 AND cardinality(sample_rows) > 0 ORDER BY split',
    [run.row],
  );
  throw new InvalidInputError('split', `a split that the run saw: ${seen.map((row) => row.split).join(', ')}`, split);
}
