import { FixedSizeList } from 'apache-arrow';
import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Split } from '../../split.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { AnalysisFilter } from '../lists/analysis-filter.js';
import { ArrowEncoder, arrowMediaType } from './arrow.js';
import { AnalysisColumn, usualColumns, columnFacts, columnName } from './column.js';
import type { ColumnSchema } from './column-batch.js';
import type { ColumnService } from './column.service.js';
import { type ColumnDescription, ColumnsDescription } from './columns-description.js';
import { checkColumns, columnsUrl } from './columns-url.js';

const textBytes = 24;

@Resolver(() => TrainingRun)
export class RunColumnsResolver {
  constructor(private readonly service: ColumnService) {}

  @FieldResolver(() => ColumnsDescription, {
    nullable: true,
    description: 'Where to get whole columns, e.g. with pyarrow, and what they are. Null before the first epoch.',
  })
  async columns(
    @Root() run: TrainingRun,
    @Arg('epoch', () => Int, { nullable: true, description: 'Counted from 1. Default: the newest.' }) epoch:
      | number
      | null,
    @Arg('split', () => Split, { nullable: true, description: 'Only samples of this split; as in the filter.' })
    split: Split | null,
    @Arg('filter', () => AnalysisFilter, { nullable: true, description: 'Which samples; all of them by default.' })
    filter: AnalysisFilter | null,
    @Arg('columns', () => [AnalysisColumn], {
      nullable: true,
      description: 'Which columns, in this order; all of them by default.',
    })
    columns: AnalysisColumn[] | null,
    @Arg('from', () => Int, {
      defaultValue: 0,
      description: 'Place of the first sample among those that meet the filter, from 0.',
    })
    from: number,
    @Arg('to', () => Int, { nullable: true, description: 'Place after the last; default: the end.' }) to: number | null,
  ): Promise<ColumnsDescription | null> {
    const chosen = checkColumns(columns ?? usualColumns);
    const whole = split ? { and: [{ split }, ...(filter ? [filter] : [])] } : (filter ?? {});
    const question = { epoch: epoch ?? null, filter: whole as AnalysisFilter, columns: chosen, from, to: to ?? null };
    const reading = await this.service.open(run.row, question);
    if (!reading) return null;
    const rows = await reading.count();
    const described = describe(reading.schema);
    const url = columnsUrl({ ...question, run: run.id, epoch: reading.source.epoch });
    const bytes = rows * chosen.reduce((sum, name) => sum + bytesOf(name, reading.schema.classes.length), 0);
    return { url, mediaType: arrowMediaType, epoch: reading.source.epoch, columns: described, rows, bytes };
  }
}

function describe(shape: ColumnSchema): ColumnDescription[] {
  const { fields } = new ArrowEncoder(shape).schema;
  return shape.columns.map((name, place) => {
    const { type } = fields[place];
    const { unit, nullable, description } = columnFacts[name];
    return {
      name: columnName(name),
      type: String(type),
      shape: type instanceof FixedSizeList ? [type.listSize] : [],
      unit,
      nullable,
      description,
    };
  });
}

function bytesOf(name: AnalysisColumn, classes: number): number {
  const { kind, nullable } = columnFacts[name];
  const bytes = {
    text: textBytes + 4,
    integer: 4,
    class: 1,
    split: 1,
    real: 4,
    double: 8,
    distribution: 4 * classes,
    counts: 2 * classes,
  }[kind];
  return bytes + (nullable ? 1 / 8 : 0);
}
