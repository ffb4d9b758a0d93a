import type { EntityManager } from 'typeorm';
import { sampleColumns, sampleFrom, type SampleRow } from '../../datasets/sample-rows.js';
import { SqlParameters } from '../../datasets/sql-parameters.js';
import { InvalidInputError } from '../../errors.js';
import {
  checkFirst,
  checkFrom,
  decodeCursor,
  emptyPage,
  type Page,
  type PageArguments,
  pageOf,
} from '../../graphql/pagination.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import type { Split } from '../../split.js';
import { checkPeopleWereAsked, filterSource, fromSource, needsMeasure, type Needs } from './analysis-conditions.js';
import type { AnalysisFilter } from './analysis-filter.js';
import { mayBeUnknown, type Measure, measures, measureSql } from '../record/measure.js';
import { readAnalyses } from '../samples/sample-analyses.js';
import type { SampleAnalysis } from '../samples/sample-analysis.js';
import { analysisSource } from '../record/source.js';
import { type AnalysisOrder, OrderDirection } from '../record/vocabulary.js';

export interface AnalysisPageArguments extends PageArguments {
  /** Null: the newest. */
  epoch: number | null;
  filter?: AnalysisFilter | null;
  orderBy: AnalysisOrder;
  direction: OrderDirection;
}

type PageRow = SampleRow & {
  sort_key: number | null;
  position: number;
  run_label: number;
  row_epoch: number;
  row_split: Split;
};

/**
 * A page of a run's analyses after an epoch; `run` has its data set. Filtered, sorted and counted by the numbers of the
 * epoch's source; the
 * vectors of the page are read after. Pages are found by key, so that each costs the same wherever it lies.
 * @throws InvalidInputError for a wrong `first`, cursor, epoch or filter, and where filter or order need votes or clean
 * labels that the run's samples lack.
 */
export async function readAnalysisPage(
  manager: EntityManager,
  run: TrainingRun,
  page: AnalysisPageArguments,
): Promise<Page<SampleAnalysis>> {
  checkFirst(page.first);
  let skip = checkFrom(page);
  const source = await analysisSource(manager, run, page.epoch);
  const parameters = new SqlParameters();
  const needs: Needs = { votes: [], clean: [] };
  if (page.orderBy !== 'INDEX') needsMeasure(needs, page.orderBy, 'orderBy');
  const order = orderOf(page, run);
  const shape = source ?? { table: 'sample_analysis', epoch: 0, key: 'run_row', value: run.row };
  const { where, joinsSample } = filterSource(shape, run, page.filter ?? {}, parameters, needs);
  const counted = [...parameters.values];
  const cursor = cursorOf(run, page, order);
  if (!source) return emptyPage(page);
  await checkPeopleWereAsked(manager, run, source, needs);
  const rows: PageRow[] = [];
  for (const part of partsOf(order, cursor, parameters.values)) {
    if (rows.length > page.first) break;
    const [limit, offset] = [`$${part.values.length + 1}`, `$${part.values.length + 2}`];
    rows.push(
      ...((await manager.query(
        `SELECT a.sort_key, a.position, a.run_label, a.row_epoch, a.row_split, ${sampleColumns}
           FROM (SELECT a.sample_row, a.position, a.given_label AS run_label, a.epoch AS row_epoch, a.split AS row_split, ${order.sql} AS sort_key FROM ${fromSource(source, joinsSample)}
                  WHERE ${[where, ...part.conditions].join(' AND ')} ORDER BY ${part.by} LIMIT ${limit} OFFSET ${offset}) a
           JOIN sample s ON s."row" = a.sample_row ORDER BY ${part.outer}`,
        [...part.values, page.first + 1 - rows.length, skip],
      )) as PageRow[]),
    );
    if (skip > 0)
      skip =
        rows.length > 0
          ? 0
          : Math.max(0, skip - (await countPart(manager, fromSource(source, joinsSample), where, part)));
  }
  const read = await readAnalyses(
    manager,
    new Map([[run.row, run]]),
    rows.map((row) => wantedOf(run, row, page.orderBy === 'INDEX' ? null : page.orderBy)),
  );
  const keys = new Map(read.map((analysis, place) => [analysis, rows[place].sort_key]));
  const analyses = read.filter((analysis) => analysis !== null);
  const count = async (): Promise<number> => {
    const [found] = await manager.query(
      `SELECT count(*)::int AS count FROM ${fromSource(source, joinsSample)} WHERE ${where}`,
      counted,
    );
    return found.count as number;
  };
  return pageOf(
    listName(run, page),
    analyses,
    page,
    (analysis) => [keys.get(analysis)!, analysis.facts.sampleRow],
    count,
  );
}

/** Samples of a part that was passed over whole. */
async function countPart(manager: EntityManager, from: string, where: string, part: ListPart): Promise<number> {
  const [found]: { count: number }[] = await manager.query(
    `SELECT count(*)::int AS count FROM ${from} WHERE ${[where, ...part.conditions].join(' AND ')}`,
    part.values,
  );
  return found!.count;
}

function wantedOf(run: TrainingRun, row: PageRow, measure: Measure | null): Parameters<typeof readAnalyses>[2][number] {
  const sample = {
    runRow: run.row,
    sampleRow: row.row,
    newestEpoch: row.row_epoch,
    split: row.row_split,
    position: row.position,
    givenLabel: row.run_label,
    votes: row.votes,
    trueDistribution: row.true_distribution,
  };
  return {
    sample,
    epoch: row.row_epoch,
    whole: sampleFrom(row, run.dataset),
    ...(measure && { measured: { measure, value: row.sort_key } }),
  };
}

interface SqlOrder {
  /** The key, and what it compares with; null where the row alone decides. Rows are numbered in the order of import. */
  sql: string;
  type: string | null;
  nullable: boolean;
  /** Whether samples without a value come before those with one. */
  unknownFirst: boolean;
  way: 'ASC' | 'DESC';
  further: '>' | '<';
}

function orderOf({ orderBy, direction }: AnalysisPageArguments, run: TrainingRun): SqlOrder {
  const ascending = direction === OrderDirection.ASCENDING;
  const both = {
    way: ascending ? ('ASC' as const) : ('DESC' as const),
    further: ascending ? ('>' as const) : ('<' as const),
  };
  if (orderBy === 'INDEX') return { sql: 'NULL::int', type: null, nullable: false, unknownFirst: false, ...both };
  const { sql, type } = measureSql(orderBy, run.dataset.classes.length);
  const unknownFirst = measures[orderBy].unknownIsHighest === true && !ascending;
  return { sql, type, nullable: mayBeUnknown(orderBy) || isRecorded(run), unknownFirst, ...both };
}

/** @throws InvalidInputError for a cursor of another list or order. */
function cursorOf(
  run: TrainingRun,
  page: AnalysisPageArguments,
  { type, nullable }: SqlOrder,
): { value: number | null; row: number } | null {
  const key = decodeCursor(listName(run, page), page.after, ['number?', 'integer']);
  if (!key) return null;
  const [value, row] = key as [number | null, number];
  if ((type === null) !== (value === null && !nullable))
    throw new InvalidInputError('after', `a cursor that this list returned in the order ${page.orderBy}`, page.after);
  return { value, row };
}

interface ListPart {
  conditions: string[];
  values: unknown[];
  by: string;
  outer: string;
}

/**
 * The list behind a cursor, in parts that are each the range of an index: samples with a value, then those without,
 * which come last in both directions unless they count as the highest.
 */
function partsOf(
  order: SqlOrder,
  cursor: { value: number | null; row: number } | null,
  values: readonly unknown[],
): ListPart[] {
  const { sql, type, nullable, unknownFirst, way, further } = order;
  const byRow = { by: `a.sample_row ${way}`, outer: `a.sample_row ${way}` };
  const next = (offset: number): string => `$${values.length + offset}`;
  const behindRow = cursor
    ? { conditions: [`a.sample_row ${further} ${next(1)}::int`], values: [...values, cursor.row] }
    : { conditions: [], values: [...values] };
  if (type === null) return [{ ...byRow, ...behindRow }];
  const byValue = { by: `${sql} ${way}, a.sample_row ${way}`, outer: `a.sort_key ${way}, a.sample_row ${way}` };
  const known = nullable ? [`${sql} IS NOT NULL`] : [];
  const withValue: ListPart = cursor
    ? {
        ...byValue,
        conditions: [...known, `(${sql}, a.sample_row) ${further} (${next(1)}::${type}, ${next(2)}::int)`],
        values: [...values, cursor.value, cursor.row],
      }
    : { ...byValue, conditions: known, values: [...values] };
  if (!nullable) return [withValue];
  const all = { conditions: [], values: [...values] };
  const behindUnknown = cursor?.value === null;
  const { conditions, values: used } = behindUnknown ? behindRow : all;
  const without: ListPart = { ...byRow, conditions: [`${sql} IS NULL`, ...conditions], values: used };
  const everyValue: ListPart = { ...byValue, conditions: known, values: [...values] };
  if (unknownFirst) return behindUnknown ? [without, everyValue] : cursor ? [withValue] : [without, withValue];
  return behindUnknown ? [without] : [withValue, without];
}

/** With the epoch where one was asked for: a cursor of one epoch means nothing in another. */
export function listName(
  run: TrainingRun,
  { orderBy, direction, epoch }: Pick<AnalysisPageArguments, 'orderBy' | 'direction' | 'epoch'>,
): string {
  return `analyses of ${run.id} by ${orderBy} ${direction}${epoch === null ? '' : ` ${epoch}`}`;
}
