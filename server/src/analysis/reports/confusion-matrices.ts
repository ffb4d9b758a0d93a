import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { InvalidInputError } from '../../errors.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import { ConfusionMatrix } from './confusion-matrix.js';
import { checkEpoch, newestEpoch, newestEpochOf, readAggregates } from '../record/read-aggregates.js';
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
  const { split, rows, columns } = question;
  const newest = await newestEpochOf(manager, run, split);
  if (newest === null) return null;
  const epoch = question.epoch === null ? newest : checkEpoch(question.epoch, (await newestEpoch(manager, run.row))!);
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
function countsOf(
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
  if (place < 0) return null;
  const sums = matrixAt(expected, opinions.indexOf(rows) * distributedOpinions.length + place, classes);
  // A recorded run may have said predictions and no distribution.
  return sums.some((row) => row.some((sum) => sum > 0)) ? sums : null;
}

/**
 * Thresholds of confident learning, `[C]`: the mean target value at each class of the samples labelled so, at least
 * 2e-6. NaN for a class without samples.
 */
export function thresholdsOf(aggregates: Pick<SplitAggregates, 'counts' | 'expected'>, classes: number): number[] {
  const counts = countsOf(aggregates, Opinion.GIVEN, Opinion.GIVEN, classes);
  const expected = expectedOf(aggregates, Opinion.GIVEN, Opinion.TARGET, classes);
  return counts.map((row, k) => (expected ? thresholdOf(expected[k][k], row[k]) : Number.NaN));
}

function matrixAt(matrices: readonly number[], place: number, classes: number): number[][] {
  const start = place * classes * classes;
  return Array.from({ length: classes }, (_, row) =>
    matrices.slice(start + row * classes, start + (row + 1) * classes),
  );
}

const unsaid: Partial<Record<Opinion, string>> = {
  [Opinion.AUXILIARY]: 'label distributions',
  [Opinion.FUSED]:
    'all that fused distributions follow from: label distributions, attention, class distributions and fusion bounds',
  [Opinion.TARGET]: 'predictions',
};

function checkOpinion(
  aggregates: SplitAggregates,
  run: TrainingRun,
  split: Split,
  path: string,
  opinion: Opinion,
): void {
  if (countsOf(aggregates, opinion, opinion, run.dataset.classes.length).some((row) => row.some((count) => count > 0)))
    return;
  const what = unsaid[opinion];
  if (what)
    throw new InvalidInputError(path, `an opinion that exists: ${run.id} was recorded without ${what}`, opinion);
  throw new InvalidInputError(
    path,
    `an opinion that exists: no sample of ${split} in data set ${run.dataset.name} has ${opinion === Opinion.CLEAN ? 'clean labels' : 'votes'}`,
    opinion,
  );
}
