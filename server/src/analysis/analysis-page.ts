import type { EntityManager } from 'typeorm';
import { sampleColumns, sampleFrom, type SampleRow } from '../datasets/sample-rows.js';
import { SqlParameters } from '../datasets/sql-parameters.js';
import { InvalidInputError } from '../errors.js';
import { checkFirst, decodeCursor, emptyPage, type Page, type PageArguments, pageOf } from '../graphql/pagination.js';
import type { TrainingRun } from '../training/training-run.entity.js';
import { checkPeopleWereAsked, filterSource, fromSource, needsMeasure, type Needs } from './analysis-conditions.js';
import type { AnalysisFilter } from './analysis-filter.js';
import { type Measure, measureFacts, measureSql } from './measure.js';
import { readAnalyses } from './sample-analyses.js';
import type { SampleAnalysis } from './sample-analysis.js';
import { analysisSource, type AnalysisSource } from './source.js';
import { type AnalysisOrder, OrderDirection } from './vocabulary.js';

export interface AnalysisPageArguments extends PageArguments {
  /** Null: the newest. */
  epoch: number | null;
  filter?: AnalysisFilter | null;
  orderBy: AnalysisOrder;
  direction: OrderDirection;
}

type PageRow = SampleRow & { sort_key: number | null; position: number; run_label: number };

/**
 * A page of a run's analyses after an epoch; `run` has its data set. Filtered, sorted and counted by the numbers of the epoch's source; the
 * vectors of the page are read after. Pages are found by key, so that each costs the same wherever it lies.
 * @throws InvalidInputError for a wrong `first`, cursor, epoch or filter, and where filter or order need votes or clean labels that the run's samples lack.
 */
export async function readAnalysisPage(manager: EntityManager, run: TrainingRun, page: AnalysisPageArguments): Promise<Page<SampleAnalysis>> {
  checkFirst(page.first);
  const source = await analysisSource(manager, run, page.epoch);
  const parameters = new SqlParameters();
  const needs: Needs = { votes: [], clean: [] };
  if (page.orderBy !== 'INDEX') needsMeasure(needs, page.orderBy, 'orderBy');
  const order = orderOf(page, run.dataset.classes.length);
  const shape = source ?? { table: 'sample_analysis', epoch: 0, key: 'run_row', value: run.row };
  const { where, joinsSample } = filterSource(shape, run, page.filter ?? {}, parameters, needs);
  const counted = [...parameters.values];
  const behind = page.after ? ` AND ${behindCursor(parameters, page.after, page, order)}` : '';
  if (!source) return emptyPage(page);
  await checkPeopleWereAsked(manager, run, source, needs);
  const rows: PageRow[] = await manager.query(
    `SELECT a.sort_key, a.position, a.run_label, ${sampleColumns}
       FROM (SELECT a.sample_row, a.position, a.given_label AS run_label, ${order.sql} AS sort_key FROM ${fromSource(source, joinsSample)}
              WHERE ${where}${behind} ORDER BY ${order.by} LIMIT ${parameters.place(page.first + 1)}) a
       JOIN sample s ON s."row" = a.sample_row ORDER BY ${order.outer}`,
    parameters.values,
  );
  const analyses = await readAnalyses(manager, new Map([[run.row, run]]), rows.map((row) => wantedOf(run, source, row, page.orderBy === 'INDEX' ? null : page.orderBy)));
  const keys = new Map(analyses.map((analysis, place) => [analysis, rows[place]!.sort_key]));
  const count = async (): Promise<number> => {
    const [found] = await manager.query(`SELECT count(*)::int AS count FROM ${fromSource(source, joinsSample)} WHERE ${where}`, counted);
    return found.count as number;
  };
  return pageOf(analyses, page, (analysis) => [orderName(page), keys.get(analysis)!, analysis.facts.sampleRow], count);
}

function wantedOf(run: TrainingRun, source: AnalysisSource, row: PageRow, measure: Measure | null): Parameters<typeof readAnalyses>[2][number] {
  const sample = { runRow: run.row, sampleRow: row.row, newestEpoch: source.epoch, split: row.split, position: row.position, givenLabel: row.run_label, votes: row.votes };
  return { sample, epoch: source.epoch, whole: sampleFrom(row, run.dataset), ...(measure && { measured: { measure, value: row.sort_key } }) };
}

interface SqlOrder {
  /** The key, and what it compares with; null where the row alone decides. Rows are numbered in the order of import. */
  sql: string;
  type: string | null;
  nullable: boolean;
  by: string;
  outer: string;
  further: '>' | '<';
}

function orderOf({ orderBy, direction }: AnalysisPageArguments, classes: number): SqlOrder {
  const ascending = direction === OrderDirection.ASCENDING;
  const way = ascending ? 'ASC' : 'DESC';
  const further = ascending ? '>' : '<';
  if (orderBy === 'INDEX') return { sql: 'NULL::int', type: null, nullable: false, by: `a.sample_row ${way}`, outer: `a.sample_row ${way}`, further };
  const { sql, type } = measureSql(orderBy, classes);
  const nullable = measureFacts[orderBy].ofVotes === true;
  // Without the words an index gives both directions, with them one.
  const nulls = nullable ? ' NULLS LAST' : '';
  return { sql, type, nullable, by: `${sql} ${way}${nulls}, a.sample_row ${way}`, outer: `a.sort_key ${way}${nulls}, a.sample_row ${way}`, further };
}

/** Samples without a value come last in both directions. */
function behindCursor(parameters: SqlParameters, after: string, page: AnalysisPageArguments, { sql, type, nullable, further }: SqlOrder): string {
  const [name, value, row] = decodeCursor(after, ['text', 'number?', 'integer']);
  if (name !== orderName(page) || (type === null) !== (value === null && !nullable)) throw new InvalidInputError('after', `a cursor that this list returned in the order ${orderName(page)}`, after);
  const place = `${parameters.place(row)}::int`;
  if (type === null) return `a.sample_row ${further} ${place}`;
  if (value === null) return `(${sql} IS NULL AND a.sample_row ${further} ${place})`;
  const beyond = `(${sql}, a.sample_row) ${further} (${parameters.place(value)}::${type}, ${place})`;
  return nullable ? `(${beyond} OR ${sql} IS NULL)` : beyond;
}

/** With the epoch where one was asked for: a cursor of one epoch means nothing in another. */
function orderName({ orderBy, direction, epoch }: Pick<AnalysisPageArguments, 'orderBy' | 'direction' | 'epoch'>): string {
  return `${orderBy} ${direction}${epoch === null ? '' : ` ${epoch}`}`;
}
