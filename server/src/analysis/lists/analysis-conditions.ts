import type { EntityManager } from 'typeorm';
import { classIndex, filterSql, isGiven, sampleConditions, type SampleSql } from '../../datasets/filter-sql.js';
import type { SqlParameters } from '../../datasets/sql-parameters.js';
import { InvalidInputError } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { noLabel, samplesPerLabelChunk } from '../../labels/label-set-chunk.entity.js';
import { requireLabelSet } from '../../labels/label-set.service.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import type { AnalysisFilter, MeasureRange } from './analysis-filter.js';
import { columnOf, type Measure, measureSql, needsOf } from '../record/measure.js';
import type { AnalysisSource } from '../record/source.js';
import { Opinion } from '../record/vocabulary.js';

/** Columns of an opinion in `sample_analysis` and its like. */
export const opinionColumns: Record<Opinion, string> = {
  [Opinion.GIVEN]: 'given_label',
  [Opinion.CLEAN]: 'clean_label',
  [Opinion.VOTES]: 'votes_label',
  [Opinion.AUXILIARY]: 'auxiliary_label',
  [Opinion.FUSED]: 'fused_label',
  [Opinion.TARGET]: 'target_label',
};

const labelFields = {
  targetLabel: 'a.target_label',
  auxiliaryLabel: 'a.auxiliary_label',
  fusedLabel: 'a.fused_label',
} as const;
const sampleColumns: SampleSql = {
  split: 'a.split',
  givenLabel: 'a.given_label',
  cleanLabel: 'a.clean_label',
  votesLabel: 'a.votes_label',
  votesEntropy: 'a.votes_entropy',
};
const suspected = '(a.confident_label IS NOT NULL)';

/** What a filter asks of people; `path` names where. */
export interface Needs {
  votes: { path: string; found: unknown }[];
  clean: { path: string; found: unknown }[];
  truth?: { path: string; found: unknown }[];
  /** What a recorded run need not have said. */
  network?: { path: string; found: unknown; column: string; what: string }[];
  /** Label sets that have to be of the run's data set. */
  labelSets?: { path: string; id: string }[];
  /** Where it asks for what a person can change at any time. */
  changing?: string;
}

export interface FilteredSource {
  /** Of `a` (the source's table) and, where `joinsSample`, of `s`. */
  where: string;
  joinsSample: boolean;
}

/** Rows of a source that meet a filter. @throws InvalidInputError for a class, range or nesting that cannot be. */
export function filterSource(
  source: AnalysisSource,
  run: TrainingRun,
  filter: AnalysisFilter,
  parameters: SqlParameters,
  needs: Needs,
): FilteredSource {
  const ofSource = `a.${source.key} = ${parameters.place(source.value)}`;
  const compiled = filterSql(filter, 'filter', (part, path) => conditions(part, path, run, parameters, needs));
  return { where: `${ofSource} AND ${compiled}`, joinsSample: /\bs\./.test(compiled) };
}

export function fromSource(source: AnalysisSource, joinsSample: boolean): string {
  return `${source.table} a${joinsSample ? ' JOIN sample s ON s."row" = a.sample_row' : ''}`;
}

function conditions(
  filter: AnalysisFilter,
  path: string,
  run: TrainingRun,
  parameters: SqlParameters,
  needs: Needs,
): string[] {
  const { dataset } = run;
  const found = sampleConditions(filter, path, dataset, parameters, sampleColumns);
  const is = (column: string, where: string, name: string): string =>
    `${column} = ${parameters.place(classIndex(dataset, where, name))}`;
  if (filter.votesLabel) needs.votes.push({ path: `${path}.votesLabel`, found: filter.votesLabel });
  if (filter.cleanLabel) needs.clean.push({ path: `${path}.cleanLabel`, found: filter.cleanLabel });
  for (const [field, column] of Object.entries(labelFields)) {
    const name = filter[field as keyof typeof labelFields];
    if (isGiven(name)) found.push(is(column, `${path}.${field}`, name));
  }
  if (isGiven(filter.correct)) found.push(`(a.target_label = a.given_label) = ${parameters.place(filter.correct)}`);
  if (filter.cell) {
    const { rows, row, columns, column } = filter.cell;
    needsOpinion(needs, rows, `${path}.cell.rows`);
    needsOpinion(needs, columns, `${path}.cell.columns`);
    found.push(
      is(`a.${opinionColumns[rows]}`, `${path}.cell.row`, row),
      is(`a.${opinionColumns[columns]}`, `${path}.cell.column`, column),
    );
  }
  if (filter.disagree) {
    const { one, other } = filter.disagree;
    if (one === other) throw new InvalidInputError(`${path}.disagree.other`, `another opinion than ${one}`, other);
    needsOpinion(needs, one, `${path}.disagree.one`);
    needsOpinion(needs, other, `${path}.disagree.other`);
    found.push(`a.${opinionColumns[one]} <> a.${opinionColumns[other]}`);
  }
  if (isGiven(filter.annotated)) {
    needs.changing ??= `${path}.annotated`;
    found.push(
      `EXISTS (SELECT 1 FROM annotation n WHERE n.sample_row = a.sample_row AND n.undone_at IS NULL AND n.action <> 'SKIP') = ${parameters.place(filter.annotated)}`,
    );
  }
  if (filter.labelsDiffer) {
    const labelIn = (field: 'one' | 'other'): string =>
      labelSql(filter.labelsDiffer![field], `${path}.labelsDiffer.${field}`, parameters, needs);
    found.push(`${labelIn('one')} IS DISTINCT FROM ${labelIn('other')}`);
  }
  if (isGiven(filter.suspected)) found.push(`${suspected} = ${parameters.place(filter.suspected)}`);
  if (isGiven(filter.suggestedLabel))
    found.push(`(${suspected} AND ${is('a.confident_label', `${path}.suggestedLabel`, filter.suggestedLabel)})`);
  filter.measures?.forEach((range, n) =>
    found.push(...rangeSql(range, `${path}.measures[${n}]`, dataset.classes.length, parameters, needs)),
  );
  return found;
}

/** The class index of sample `s` in a label set; null where it has none. */
function labelSql(id: string, path: string, parameters: SqlParameters, needs: Needs): string {
  (needs.labelSets ??= []).push({ path, id });
  const row = parameters.place(rowOf('labelset', id, path));
  return `(SELECT NULLIF(c.labels[s.index % ${samplesPerLabelChunk} + 1], ${noLabel}) FROM label_set_chunk c WHERE c.label_set_row = ${row}::int AND c.chunk = s.index / ${samplesPerLabelChunk})`;
}

function rangeSql(
  range: MeasureRange,
  path: string,
  classes: number,
  parameters: SqlParameters,
  needs: Needs,
): string[] {
  const { measure, minimum, maximum } = range;
  if (!isGiven(minimum) && !isGiven(maximum)) throw new InvalidInputError(path, 'a minimum, a maximum or both', range);
  if (isGiven(minimum) && isGiven(maximum) && minimum > maximum)
    throw new InvalidInputError(`${path}.maximum`, `a number from the minimum, ${minimum}, on`, maximum);
  needsMeasure(needs, measure, `${path}.measure`);
  const { sql, type } = measureSql(measure, classes);
  const value = (bound: number): string => `${parameters.place(type === 'real' ? Math.fround(bound) : bound)}::${type}`;
  return [
    ...(isGiven(minimum) ? [`${sql} >= ${value(minimum)}`] : []),
    ...(isGiven(maximum) ? [`${sql} <= ${value(maximum)}`] : []),
  ];
}

export function needsOpinion(needs: Needs, opinion: Opinion, path: string): void {
  if (opinion === Opinion.VOTES) needs.votes.push({ path, found: opinion });
  if (opinion === Opinion.CLEAN) needs.clean.push({ path, found: opinion });
  if (opinion === Opinion.AUXILIARY)
    (needs.network ??= []).push({ path, found: opinion, column: 'auxiliary_label', what: 'label distributions' });
  if (opinion === Opinion.FUSED)
    (needs.network ??= []).push({ path, found: opinion, column: 'fused_label', what: 'fused distributions' });
}

export function needsMeasure(needs: Needs, measure: Measure, path: string): void {
  if (needsOf(measure).includes('TRUE_DISTRIBUTION')) (needs.truth ??= []).push({ path, found: measure });
  else if (needsOf(measure).includes('VOTES')) needs.votes.push({ path, found: measure });
  else (needs.network ??= []).push({ path, found: measure, column: columnOfNeed(measure), what: measure });
}

/** Of the measure that another one follows from. */
function columnOfNeed(measure: Measure): string {
  return columnOf(measure === 'NORMALISED_ENTROPY' ? 'ENTROPY' : measure);
}

/**
 * A list by votes that nobody cast, or by labels of other samples, would look like an answer. @throws InvalidInputError
 * or NotFoundError that names the first argument that asks for it.
 */
export async function checkPeopleWereAsked(
  manager: EntityManager,
  run: TrainingRun,
  source: AnalysisSource,
  needs: Needs,
): Promise<void> {
  if (isRecorded(run)) await checkRunSaid(manager, run, source, needs);
  for (const { path, id } of needs.labelSets ?? []) await requireLabelSet(manager, id, path, run.datasetRow);
  for (const { asked, column, what } of [
    { asked: needs.votes[0], column: 'votes_label', what: 'votes' },
    { asked: needs.clean[0], column: 'clean_label', what: 'clean labels' },
    { asked: needs.truth?.[0], column: 'true_kl_target', what: 'true distributions' },
  ]) {
    if (!asked) continue;
    const [known]: unknown[] = await manager.query(
      `SELECT 1 FROM ${source.table} a WHERE a.${source.key} = $1 AND a.${column} IS NOT NULL LIMIT 1`,
      [source.value],
    );
    if (!known)
      throw new InvalidInputError(
        asked.path,
        `nothing that needs ${what}, as no sample of data set ${run.dataset.name} has ${what}`,
        asked.found,
      );
  }
}

/** A list by what a recorded run never said would look like an answer too. */
async function checkRunSaid(
  manager: EntityManager,
  run: TrainingRun,
  source: AnalysisSource,
  needs: Needs,
): Promise<void> {
  for (const { path, found, column, what } of needs.network ?? []) {
    const [known]: unknown[] = await manager.query(
      `SELECT 1 FROM ${source.table} a WHERE a.${source.key} = $1 AND a.${column} IS NOT NULL LIMIT 1`,
      [source.value],
    );
    if (!known) throw new InvalidInputError(path, `nothing that needs ${what}: ${run.id} was recorded without`, found);
  }
}
