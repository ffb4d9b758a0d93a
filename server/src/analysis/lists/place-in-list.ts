import type { EntityManager } from 'typeorm';
import { Field, Int, ObjectType } from 'type-graphql';
import { SqlParameters } from '../../datasets/sql-parameters.js';
import { SamplePlace } from '../../datasets/lists/sample-place.js';
import { encodeCursor } from '../../graphql/pagination.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import { measures, measureSql } from '../record/measure.js';
import { analysisSource, type AnalysisSource } from '../record/source.js';
import { OrderDirection } from '../record/vocabulary.js';
import { SampleAnalysis } from '../samples/sample-analysis.js';
import { filterSource, fromSource } from './analysis-conditions.js';
import { listName, readAnalysisPage, type AnalysisPageArguments } from './analysis-page.js';

export type ListQuestion = Omit<AnalysisPageArguments, 'first' | 'after'>;

@ObjectType({ description: "Where a sample stands in a list of a run's analyses." })
export class PlaceInRun extends SamplePlace<SampleAnalysis> {
  @Field(() => Int, { nullable: true, description: 'Counted from 1; null where the sample does not meet the filter.' })
  number(): Promise<number | null> {
    return this.ask.number();
  }

  @Field(() => SampleAnalysis, { nullable: true, description: 'The one before it; null at the start.' })
  previous(): Promise<SampleAnalysis | null> {
    return this.ask.previous();
  }

  @Field(() => SampleAnalysis, { nullable: true, description: 'The one after it; null at the end.' })
  next(): Promise<SampleAnalysis | null> {
    return this.ask.next();
  }
}

/**
 * Where a sample stands in the list of a question; `run` has its data set. Null where the run did not see the sample.
 * Neighbours are found by key, so that they cost the same wherever it stands; its number is counted.
 */
export async function placeInList(
  manager: EntityManager,
  run: TrainingRun,
  sampleRow: number,
  question: ListQuestion,
): Promise<PlaceInRun | null> {
  const source = await analysisSource(manager, run, question.epoch);
  if (!source) return null;
  const key =
    question.orderBy === 'INDEX' ? 'NULL::float8' : measureSql(question.orderBy, run.dataset.classes.length).sql;
  const [mine]: { value: number | null }[] = await manager.query(
    `SELECT ${key} AS value FROM ${source.table} a WHERE a.${source.key} = $1 AND a.sample_row = $2`,
    [source.value, sampleRow],
  );
  if (!mine) return null;
  const beside = async (direction: OrderDirection, after: number | null | 'start'): Promise<SampleAnalysis | null> => {
    const asked = { ...question, direction };
    const cursor = after === 'start' ? null : encodeCursor(listName(run, asked), [after, sampleRow]);
    return (await readAnalysisPage(manager, run, { ...asked, first: 1, after: cursor })).nodes[0] ?? null;
  };
  const valueOf = (found: SampleAnalysis): number | null => found.facts.measured?.value ?? null;
  return Object.assign(new PlaceInRun(), {
    ask: {
      next: () => beside(question.direction, mine.value),
      previous: async () => {
        const back = opposite(question.direction);
        const found = await beside(back, mine.value);
        if (question.orderBy === 'INDEX' || measures[question.orderBy].unknownIsHighest) return found;
        // Samples without a value come last in both directions: the way back is not the list the other way round.
        if (mine.value !== null) return found && valueOf(found) === null ? null : found;
        return found ?? lastWithValue(await beside(back, 'start'), valueOf);
      },
      number: () => numberOf(manager, run, source, { sampleRow, value: mine.value, key }, question),
    },
  });
}

function lastWithValue(
  found: SampleAnalysis | null,
  valueOf: (found: SampleAnalysis) => number | null,
): SampleAnalysis | null {
  return found && valueOf(found) !== null ? found : null;
}

function opposite(direction: OrderDirection): OrderDirection {
  return direction === OrderDirection.ASCENDING ? OrderDirection.DESCENDING : OrderDirection.ASCENDING;
}

async function numberOf(
  manager: EntityManager,
  run: TrainingRun,
  source: AnalysisSource,
  mine: { sampleRow: number; value: number | null; key: string },
  { filter, direction, orderBy }: ListQuestion,
): Promise<number | null> {
  const parameters = new SqlParameters();
  const { where, joinsSample } = filterSource(source, run, filter ?? {}, parameters, { votes: [], clean: [] });
  const row = parameters.place(mine.sampleRow);
  const before = beforeSql(mine, { direction, orderBy }, run.dataset.classes.length, parameters, row);
  const [counted]: { before: number; there: boolean }[] = await manager.query(
    `SELECT count(*) FILTER (WHERE ${before})::int AS before, COALESCE(bool_or(a.sample_row = ${row}::int), false) AS there
       FROM ${fromSource(source, joinsSample)} WHERE ${where}`,
    parameters.values,
  );
  return counted!.there ? counted!.before + 1 : null;
}

/** What stands before a sample: of smaller key, or larger where the list descends. */
function beforeSql(
  { key, value }: { key: string; value: number | null },
  { direction, orderBy }: Pick<ListQuestion, 'direction' | 'orderBy'>,
  classes: number,
  parameters: SqlParameters,
  row: string,
): string {
  const descends = direction === OrderDirection.DESCENDING;
  const nearer = descends ? '>' : '<';
  const byRow = `a.sample_row ${nearer} ${row}::int`;
  if (orderBy === 'INDEX') return byRow;
  const unknownFirst = descends && measures[orderBy].unknownIsHighest === true;
  if (value === null) return unknownFirst ? `(${key} IS NULL AND ${byRow})` : `(${key} IS NOT NULL OR ${byRow})`;
  const { type } = measureSql(orderBy, classes);
  const smaller = `(${key}, a.sample_row) ${nearer} (${parameters.place(value)}::${type}, ${row}::int)`;
  return unknownFirst ? `(${key} IS NULL OR ${smaller})` : smaller;
}
