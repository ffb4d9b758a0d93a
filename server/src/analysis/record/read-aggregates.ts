import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { InvalidInputError } from '../../errors.js';
import { readSplit } from '../../runs/recorded/columns.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import { fusionBounds } from './analyse-epoch.js';
import { analyseSplit } from './analyse-split.js';
import { readHumanLabels } from './human-labels.js';
import { EpochFacts } from '../samples/sample-analyses.js';
import { aggregateSplit } from './split-aggregates.js';
import { SplitAggregates } from './split-aggregates.entity.js';

/** Null before the first one. */
export async function newestEpoch(manager: EntityManager, runRow: number): Promise<number | null> {
  const rows: { number: number | null }[] = await manager.query(
    'SELECT max(number) AS number FROM epoch WHERE run_row = $1',
    [runRow],
  );
  return rows[0]!.number;
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
  const outputs = await readSplit(manager, { runRow: run.row, classes }, split, epoch);
  if (!outputs || outputs.sampleRows.length === 0) return throwMissingSplit(manager, run, split);
  const { classDistributions, attentionRanges } = (await EpochFacts.read(manager, [{ runRow: run.row, epoch }])).of(
    run.row,
    epoch,
  );
  const fusion = { classDistributions, range: attentionRanges[split]!, bounds: fusionBounds(run) };
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
    .values(aggregates as never)
    .orIgnore()
    .execute();
  return aggregates as SplitAggregates;
}

async function throwMissingSplit(manager: EntityManager, run: TrainingRun, split: Split): Promise<never> {
  const seen: { split: Split }[] = await manager.query(
    'SELECT split FROM run_split WHERE run_row = $1 AND cardinality(sample_rows) > 0 ORDER BY split',
    [run.row],
  );
  throw new InvalidInputError('split', `a split that the run saw: ${seen.map((row) => row.split).join(', ')}`, split);
}
