import type { EntityManager } from 'typeorm';
import { InvalidInputError } from '../errors.js';
import { checkFirst, decodeCursor, type Page, type PageArguments, pageOf } from '../graphql/pagination.js';
import type { TrainingRun } from '../training/training-run.entity.js';
import type { AnalysisFilter } from './analysis-filter.js';
import { analysedColumns, analysedSample, readAnalyses, type AnalysedRow } from './sample-analyses.js';
import type { SampleAnalysis } from './sample-analysis.js';
import { AnalysisOrder, OrderDirection } from './vocabulary.js';

/** SQL of what a list is sorted by, and its type. */
const orders: Record<AnalysisOrder, { sql: string; type: 'int' | 'real' }> = {
  [AnalysisOrder.INDEX]: { sql: 's."index"', type: 'int' },
  [AnalysisOrder.ENTROPY]: { sql: 'a.entropy', type: 'real' },
  [AnalysisOrder.MARGIN]: { sql: 'a.margin', type: 'real' },
  [AnalysisOrder.SELF_CONFIDENCE]: { sql: 'a.self_confidence', type: 'real' },
  [AnalysisOrder.ATTENTION]: { sql: 'a.attention', type: 'real' },
  [AnalysisOrder.FUSION_WEIGHT]: { sql: 'a.fusion_weight', type: 'real' },
  [AnalysisOrder.VOTES_KL_FUSED]: { sql: 'a.votes_kl_fused', type: 'real' },
};

const labelColumns = {
  givenLabel: 'a.given_label',
  targetLabel: 'a.target_label',
  auxiliaryLabel: 'a.auxiliary_label',
  fusedLabel: 'a.fused_label',
  votesLabel: 'a.votes_label',
  cleanLabel: 'a.clean_label',
} as const;

export interface AnalysisPageArguments extends PageArguments {
  filter?: AnalysisFilter | null;
  orderBy: AnalysisOrder;
  direction: OrderDirection;
}

/** Parts of an SQL statement with numbered parameters. */
class Conditions {
  readonly parameters: unknown[] = [];
  readonly where: string[] = [];

  /** The place of a new parameter: `$3`. */
  place(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  get sql(): string {
    return this.where.join(' AND ');
  }
}

/**
 * A page of a run's newest analyses; `run` has its data set. Filtered, sorted and counted by `sample_analysis`, the vectors of the page read after.
 * @throws InvalidInputError for a wrong `first`, cursor or class name, and where the filter or order needs votes or clean labels that the run's samples lack.
 */
export async function readAnalysisPage(manager: EntityManager, run: TrainingRun, page: AnalysisPageArguments): Promise<Page<SampleAnalysis>> {
  checkFirst(page.first);
  const filter = page.filter ?? {};
  await checkPeopleWereAsked(manager, run, page, filter);
  const conditions = filtered(run, filter);
  const all = { sql: conditions.sql, parameters: [...conditions.parameters] };
  // The data set is implied by the run; naming it lets PostgreSQL walk the samples by index and stop at the limit.
  conditions.where.push(`s.dataset_row = ${conditions.place(run.datasetRow)}`);
  const order = orders[page.orderBy];
  if (page.after) conditions.where.push(behindCursor(conditions, page.after, page));
  const direction = page.direction === OrderDirection.ASCENDING ? 'ASC' : 'DESC';
  const limit = conditions.place(page.first + 1);
  const rows: (AnalysedRow & { key: number | null })[] = await manager.query(
    `SELECT ${analysedColumns}, ${order.sql} AS key FROM sample_analysis a JOIN sample s ON s."row" = a.sample_row
      WHERE ${conditions.sql} ORDER BY ${order.sql} ${direction} NULLS LAST, a.sample_row LIMIT ${limit}`,
    conditions.parameters,
  );
  const analyses = await readAnalyses(manager, new Map([[run.row, run]]), rows.map((row) => ({ sample: analysedSample(row), epoch: row.epoch })));
  const keys = new Map(analyses.map((analysis, place) => [analysis, rows[place]!.key]));
  const count = async (): Promise<number> => {
    const [counted] = await manager.query(`SELECT count(*)::int AS count FROM sample_analysis a WHERE ${all.sql}`, all.parameters);
    return counted.count as number;
  };
  return pageOf(analyses, page, (analysis) => [orderName(page), keys.get(analysis)!, analysis.facts.sampleRow], count);
}

function filtered(run: TrainingRun, filter: AnalysisFilter): Conditions {
  const conditions = new Conditions();
  const { where } = conditions;
  where.push(`a.run_row = ${conditions.place(run.row)}`);
  if (filter.split) where.push(`a.split = ${conditions.place(filter.split)}::split`);
  for (const [field, column] of Object.entries(labelColumns)) {
    const name = filter[field as keyof typeof labelColumns];
    if (name !== undefined && name !== null) where.push(`${column} = ${conditions.place(classIndex(run, `filter.${field}`, name))}`);
  }
  if (filter.correct !== undefined && filter.correct !== null) where.push(`(a.target_label = a.given_label) = ${conditions.place(filter.correct)}`);
  return conditions;
}

function classIndex(run: TrainingRun, path: string, name: string): number {
  const index = run.dataset.classes.indexOf(name);
  if (index < 0) throw new InvalidInputError(path, `a class of ${run.dataset.name}: ${run.dataset.classes.join(', ')}`, name);
  return index;
}

/** Samples without a value come last in both directions. */
function behindCursor(conditions: Conditions, after: string, { orderBy, direction }: AnalysisPageArguments): string {
  const { sql, type } = orders[orderBy];
  const [name, value, row] = decodeCursor(after, ['text', 'number?', 'integer']);
  const fits = name === orderName({ orderBy, direction }) && (type === 'real' || Number.isInteger(value));
  if (!fits) throw new InvalidInputError('after', `a cursor that this list returned in the order ${orderName({ orderBy, direction })}`, after);
  const behindRow = `a.sample_row > ${conditions.place(row)}`;
  if (value === null) return `(${sql} IS NULL AND ${behindRow})`;
  const key = `${conditions.place(value)}::${type}`;
  const further = direction === OrderDirection.ASCENDING ? '>' : '<';
  return `(${sql} ${further} ${key} OR (${sql} = ${key} AND ${behindRow}) OR ${sql} IS NULL)`;
}

function orderName({ orderBy, direction }: Pick<AnalysisPageArguments, 'orderBy' | 'direction'>): string {
  return `${orderBy} ${direction}`;
}

/** A list by votes that nobody cast would look like an answer. */
async function checkPeopleWereAsked(manager: EntityManager, run: TrainingRun, { orderBy }: AnalysisPageArguments, filter: AnalysisFilter): Promise<void> {
  const needs = [
    { path: 'orderBy', asked: orderBy === AnalysisOrder.VOTES_KL_FUSED, column: 'votes_label', what: 'votes', found: orderBy as string },
    { path: 'filter.votesLabel', asked: Boolean(filter.votesLabel), column: 'votes_label', what: 'votes', found: filter.votesLabel },
    { path: 'filter.cleanLabel', asked: Boolean(filter.cleanLabel), column: 'clean_label', what: 'clean labels', found: filter.cleanLabel },
  ];
  for (const { path, asked, column, what, found } of needs) {
    if (!asked) continue;
    const [known] = await manager.query(
      `SELECT count(*) FILTER (WHERE ${column} IS NOT NULL) > 0 OR count(*) = 0 AS fits FROM sample_analysis WHERE run_row = $1`,
      [run.row],
    );
    if (!known.fits) throw new InvalidInputError(path, `nothing that needs ${what}, as no sample of data set ${run.dataset.name} has ${what}`, found);
  }
}
