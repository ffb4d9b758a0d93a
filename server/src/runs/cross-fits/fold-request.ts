import type { DataSource } from 'typeorm';
import { InvalidInputError } from '../../errors.js';
import { noLabel } from '../../labels/label-set-chunk.entity.js';
import { readLabels } from '../../labels/label-store.js';
import { Split } from '../../split.js';
import { problemsOf } from '../settings/configure-training.js';
import type { StartTrainingInput } from '../settings/training-input.js';
import { readTrainingRequest, type TrainingRequest } from '../training-request.js';
import { dealFolds } from './deal-folds.js';

/** More are leave-one-out, which nobody waits for. */
const mostFolds = 50;

/** How a cross-fit was asked for. */
export interface CrossFitInput {
  training: StartTrainingInput;
  folds: number;
  keepSubjectsWhole: boolean;
}

/** A cross-fit with everything that it names looked up, and its folds dealt. */
export interface CrossFitRequest {
  request: TrainingRequest;
  /** Labelled samples of the training split, by row, `[N]`. */
  sampleRows: number[];
  labels: number[];
  /** Fold of each, from 0, `[N]`. */
  folds: Int32Array;
  subjects: number;
  /** Of the settings, of the number of folds, and of what a fold leaves to train on. */
  problems: InvalidInputError[];
}

/** @throws NotFoundError where the data set, the label set or the weights do not exist. */
export async function readCrossFitRequest(
  dataSource: DataSource,
  { training, folds, keepSubjectsWhole }: CrossFitInput,
): Promise<CrossFitRequest> {
  const request = await readTrainingRequest(dataSource, training);
  const labels = await readLabels(dataSource.manager, request.labelSet.row);
  const rows: { row: number; index: number; subject: string | null }[] = await dataSource.query(
    'SELECT "row", "index", subject FROM sample WHERE dataset_row = $1 AND split = $2 ORDER BY "row"',
    [request.dataset.row, Split.TRAIN],
  );
  const labelled = rows.filter(({ index }) => (labels[index] ?? noLabel) !== noLabel);
  const material = {
    labels: labelled.map(({ index }) => labels[index]),
    subjects: labelled.map(({ subject }) => (keepSubjectsWhole ? subject : null)),
    classes: request.dataset.classes.length,
  };
  const known = new Set(labelled.flatMap(({ subject }) => (subject === null ? [] : [subject])));
  const groups = keepSubjectsWhole
    ? known.size + labelled.filter(({ subject }) => subject === null).length
    : labelled.length;
  const problems = [...request.problems, ...problemsOfFolds(folds, groups)];
  const possible = problems.length === request.problems.length;
  const dealt = possible ? dealFolds(material, folds, request.configuration.seed) : new Int32Array(labelled.length);
  if (problems.length === 0) problems.push(...problemsOfTheRest(request, material.labels, dealt, folds));
  return {
    request,
    sampleRows: labelled.map(({ row }) => row),
    labels: material.labels,
    folds: dealt,
    subjects: known.size,
    problems,
  };
}

/** Of each class what a fold holds, `[C]`, or what it leaves. */
export function countsOfFold(
  { labels, folds, request }: Pick<CrossFitRequest, 'labels' | 'folds' | 'request'>,
  fold: number,
  part: 'held' | 'left',
): number[] {
  const counts = request.dataset.classes.map(() => 0);
  labels.forEach((label, n) => {
    if ((folds[n] === fold) === (part === 'held')) counts[label]++;
  });
  return counts;
}

function problemsOfFolds(folds: number, groups: number): InvalidInputError[] {
  const most = Math.min(mostFolds, groups);
  if (Number.isInteger(folds) && folds >= 2 && folds <= most) return [];
  const why = most < mostFolds ? `: the training split has ${groups} subjects or samples to part` : '';
  return [new InvalidInputError('folds', `a whole number from 2 to ${Math.max(2, most)}${why}`, folds)];
}

/** What cannot be trained on what a fold leaves, said once. */
function problemsOfTheRest(
  request: TrainingRequest,
  labels: readonly number[],
  dealt: Int32Array,
  folds: number,
): InvalidInputError[] {
  const { configuration } = request;
  const found: InvalidInputError[] = [];
  if (configuration.patience !== null)
    found.push(
      new InvalidInputError(
        'input.patience',
        'none: a fold must not end its training by the labels that it is to judge',
        configuration.patience,
      ),
    );
  for (let fold = 0; fold < folds && found.length === 0; fold++)
    found.push(
      ...problemsOf(configuration, countsOfFold({ labels: [...labels], folds: dealt, request }, fold, 'left')),
    );
  return found;
}
