import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { InvalidInputError } from '../../errors.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import { ConfusionMatrix } from './confusion-matrix.js';
import { checkEpoch, newestEpoch, readAggregates } from '../record/read-aggregates.js';
import { distributedOpinions, opinions } from '../record/split-aggregates.js';
import type { SplitAggregates } from '../record/split-aggregates.entity.js';
import { thresholdOf } from '../../metrics/confident-learning.js';
import { Opinion } from '../record/vocabulary.js';

export interface ConfusionQuestion {
  split: Split;
  rows: Opinion;
  columns: Opinion;
  /** Null: the newest. */
  epoch: number | null;
}

/**
 * The matrix after an epoch, from what was counted when it was recorded. Null before the first epoch. `run` has its
 * data set.
 * @throws InvalidInputError for an epoch or split that the run does not have, and an opinion that nobody has on the
 * split.
 */
export async function readConfusionMatrix(
  manager: EntityManager,
  run: TrainingRun,
  question: ConfusionQuestion,
): Promise<ConfusionMatrix | null> {
  const newest = await newestEpoch(manager, run.row);
  if (newest === null) return null;
  const epoch = checkEpoch(question.epoch, newest);
  const { split, rows, columns } = question;
  const aggregates = await readAggregates(manager, run, split, epoch);
  const { classes } = run.dataset;
  checkOpinion(aggregates, run, split, 'rows', rows);
  checkOpinion(aggregates, run, split, 'columns', columns);
  const counts = countsOf(aggregates, rows, columns, classes.length);
  return Object.assign(new ConfusionMatrix(), {
    run,
    split,
    epoch,
    rows,
    columns,
    classes,
    counts,
    expected: expectedOf(aggregates, rows, columns, classes.length),
  });
}

/** `[C][C]` */
export function countsOf(
  { counts }: Pick<SplitAggregates, 'counts'>,
  rows: Opinion,
  columns: Opinion,
  classes: number,
): number[][] {
  return matrixAt(counts, opinions.indexOf(rows) * opinions.length + opinions.indexOf(columns), classes);
}

/** `[C][C]`; null where the columns are labels without a distribution. */
function expectedOf(
  { expected }: Pick<SplitAggregates, 'expected'>,
  rows: Opinion,
  columns: Opinion,
  classes: number,
): number[][] | null {
  const place = distributedOpinions.findIndex((opinion) => opinion === columns);
  return place < 0 ? null : matrixAt(expected, opinions.indexOf(rows) * distributedOpinions.length + place, classes);
}

/**
 * Thresholds of confident learning, `[C]`: the mean target value at each class of the samples labelled so, at least
 * 2e-6. NaN for a class without samples.
 */
export function thresholdsOf(aggregates: Pick<SplitAggregates, 'counts' | 'expected'>, classes: number): number[] {
  const counts = countsOf(aggregates, Opinion.GIVEN, Opinion.GIVEN, classes);
  return expectedOf(aggregates, Opinion.GIVEN, Opinion.TARGET, classes)!.map((row, k) =>
    thresholdOf(row[k]!, counts[k]![k]!),
  );
}

function matrixAt(matrices: readonly number[], place: number, classes: number): number[][] {
  const start = place * classes * classes;
  return Array.from({ length: classes }, (_, row) =>
    matrices.slice(start + row * classes, start + (row + 1) * classes),
  );
}

function checkOpinion(
  aggregates: SplitAggregates,
  run: TrainingRun,
  split: Split,
  path: string,
  opinion: Opinion,
): void {
  if (countsOf(aggregates, opinion, opinion, run.dataset.classes.length).some((row) => row.some((count) => count > 0)))
    return;
  const what = opinion === Opinion.CLEAN ? 'clean labels' : 'votes';
  throw new InvalidInputError(
    path,
    `an opinion that exists: no sample of ${split} in data set ${run.dataset.name} has ${what}`,
    opinion,
  );
}
