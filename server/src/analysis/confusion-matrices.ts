import type { EntityManager } from 'typeorm';
import type { Split } from '../datasets/split.js';
import { InvalidInputError } from '../errors.js';
import { readSplit } from '../training/columns.js';
import type { TrainingRun } from '../training/training-run.entity.js';
import { fusionBounds } from './analyse-epoch.js';
import { ConfusionMatrix } from './confusion-matrix.js';
import { type HumanLabels, readHumanLabels } from './human-labels.js';
import { confusionCounts, expectedConfusion } from './metrics/confusion.js';
import { humanOpinions, opinionDistributions, opinionLabels } from './opinion-labels.js';
import { EpochFacts } from './sample-analyses.js';
import { Opinion } from './vocabulary.js';

export interface ConfusionQuestion {
  split: Split;
  rows: Opinion;
  columns: Opinion;
  /** Null: the newest. */
  epoch: number | null;
}

const opinionColumns: Record<Opinion, string> = {
  [Opinion.GIVEN]: 'given_label',
  [Opinion.CLEAN]: 'clean_label',
  [Opinion.VOTES]: 'votes_label',
  [Opinion.AUXILIARY]: 'auxiliary_label',
  [Opinion.FUSED]: 'fused_label',
  [Opinion.TARGET]: 'target_label',
};

/**
 * The matrix after an epoch: of the newest one counted in SQL, of earlier ones from the columns. Null before the first epoch. `run` has its data set.
 * @throws InvalidInputError for an epoch or split that the run does not have, and an opinion that nobody has on the split.
 */
export async function readConfusionMatrix(manager: EntityManager, run: TrainingRun, question: ConfusionQuestion): Promise<ConfusionMatrix | null> {
  const newest = await newestEpoch(manager, run.row);
  if (newest === null) return null;
  const epoch = checkEpoch(question.epoch, newest);
  const counted = epoch === newest ? await countNewest(manager, run, question) : null;
  // Where a newer epoch was recorded in between, the columns still have the one that was asked for.
  if (counted && (question.epoch === null || counted.epoch === epoch)) return matrixOf(manager, run, question, counted.epoch, counted.counts);
  return matrixOf(manager, run, question, epoch, await countRecorded(manager, run, question, epoch));
}

/** Null before the first one. */
export async function newestEpoch(manager: EntityManager, runRow: number): Promise<number | null> {
  const rows: { number: number | null }[] = await manager.query('SELECT max(number) AS number FROM epoch WHERE run_row = $1', [runRow]);
  return rows[0]!.number;
}

/** @returns `epoch`, or the newest where it is null. @throws InvalidInputError unless it is recorded. */
export function checkEpoch(epoch: number | null, newest: number): number {
  if (epoch !== null && (epoch < 1 || epoch > newest)) throw new InvalidInputError('epoch', newest === 1 ? 'epoch 1, the only one recorded' : `an epoch from 1 to ${newest}`, epoch);
  return epoch ?? newest;
}

async function countNewest(manager: EntityManager, run: TrainingRun, { split, rows, columns }: ConfusionQuestion): Promise<{ epoch: number; counts: number[][] }> {
  const cells: { epoch: number; row_label: number | null; column_label: number | null; samples: number }[] = await manager.query(
    `SELECT epoch, ${opinionColumns[rows]} AS row_label, ${opinionColumns[columns]} AS column_label, count(*)::int AS samples
       FROM sample_analysis WHERE run_row = $1 AND split = $2::split GROUP BY 1, 2, 3`,
    [run.row, split],
  );
  if (cells.length === 0) await throwMissingSplit(manager, run, split);
  checkOpinion(run, split, 'rows', rows, cells.some((cell) => cell.row_label !== null));
  checkOpinion(run, split, 'columns', columns, cells.some((cell) => cell.column_label !== null));
  const { classes } = run.dataset;
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  for (const cell of cells) if (cell.row_label !== null && cell.column_label !== null) counts[cell.row_label]![cell.column_label] = cell.samples;
  return { epoch: cells[0]!.epoch, counts };
}

async function countRecorded(manager: EntityManager, run: TrainingRun, question: ConfusionQuestion, epoch: number): Promise<number[][]> {
  const { labelsOf } = await readRecorded(manager, run, question, epoch);
  const [rows, columns] = [labelsOf(question.rows), labelsOf(question.columns)];
  checkOpinion(run, question.split, 'rows', question.rows, rows.some((label) => label >= 0));
  checkOpinion(run, question.split, 'columns', question.columns, columns.some((label) => label >= 0));
  return confusionCounts(rows, columns, run.dataset.classes.length);
}

/** `counts` with whole distributions in place of their highest classes; null where the columns are labels without one. */
async function countExpected(manager: EntityManager, run: TrainingRun, question: ConfusionQuestion, epoch: number): Promise<number[][] | null> {
  const { labelsOf, distributionsOf } = await readRecorded(manager, run, question, epoch);
  const distributions = distributionsOf(question.columns);
  return distributions && expectedConfusion(labelsOf(question.rows), distributions, run.dataset.classes.length);
}

interface Recorded {
  labelsOf(opinion: Opinion): Int16Array;
  distributionsOf(opinion: Opinion): ArrayLike<number> | null;
}

/** What everybody asked for says of a split after an epoch, from the columns. */
async function readRecorded(manager: EntityManager, run: TrainingRun, { split, rows, columns }: ConfusionQuestion, epoch: number): Promise<Recorded> {
  const classes = run.dataset.classes.length;
  const outputs = await readSplit(manager, { runRow: run.row, classes }, split, epoch);
  if (!outputs) return throwMissingSplit(manager, run, split);
  const people = humanOpinions.includes(rows) || humanOpinions.includes(columns);
  const human = people ? await readHumanLabels(manager, outputs.sampleRows) : nobody;
  const { classDistributions, attentionRanges } = (await EpochFacts.read(manager, [{ runRow: run.row, epoch }])).of(run.row, epoch);
  const fusion = { classDistributions, range: attentionRanges[split]!, bounds: fusionBounds(run) };
  return {
    labelsOf: (opinion) => opinionLabels(opinion, outputs, classes, fusion, human),
    distributionsOf: (opinion) => opinionDistributions(opinion, outputs, classes, fusion, human),
  };
}

/** Where neither opinion is a person's, the samples need not be read. */
const nobody: HumanLabels = { clean: new Int16Array(0), votes: [] };

function checkOpinion(run: TrainingRun, split: Split, path: string, opinion: Opinion, exists: boolean): void {
  if (exists) return;
  const what = opinion === Opinion.CLEAN ? 'clean labels' : 'votes';
  throw new InvalidInputError(path, `an opinion that exists: no sample of ${split} in data set ${run.dataset.name} has ${what}`, opinion);
}

async function throwMissingSplit(manager: EntityManager, run: TrainingRun, split: Split): Promise<never> {
  const seen: { split: Split }[] = await manager.query('SELECT split FROM run_split WHERE run_row = $1 AND cardinality(sample_rows) > 0 ORDER BY split', [run.row]);
  throw new InvalidInputError('split', `a split that the run saw: ${seen.map((row) => row.split).join(', ')}`, split);
}

function matrixOf(manager: EntityManager, run: TrainingRun, question: ConfusionQuestion, epoch: number, counts: number[][]): ConfusionMatrix {
  const { split, rows, columns } = question;
  const readExpected = (): Promise<number[][] | null> => countExpected(manager, run, question, epoch);
  return Object.assign(new ConfusionMatrix(), { run, split, epoch, rows, columns, classes: run.dataset.classes, counts, readExpected });
}
