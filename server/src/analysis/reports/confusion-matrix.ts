import { Field, Int, ObjectType } from 'type-graphql';
import { Split } from '../../split.js';
import { MatrixScalar } from '../../graphql/scalars.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { normaliseRows } from '../../metrics/confusion.js';
import { Opinion } from '../record/vocabulary.js';

@ObjectType({ description: 'How often one opinion says one class where another says another.' })
export class ConfusionMatrix {
  @Field(() => TrainingRun, { description: 'Whose outputs were counted.' })
  run!: TrainingRun;

  @Field(() => Split, { description: 'Whose samples were counted.' })
  split!: Split;

  @Field(() => Int, { description: 'Counted from 1.' })
  epoch!: number;

  @Field(() => Opinion, { description: 'Who decides the row.' })
  rows!: Opinion;

  @Field(() => Opinion, { description: 'Who decides the column.' })
  columns!: Opinion;

  @Field(() => [String], { description: 'Names of rows and columns, as `Dataset.classes`.' })
  classes!: string[];

  @Field(() => MatrixScalar, { description: '[row][column]: samples.' })
  counts!: number[][];

  @Field(() => Int, { description: 'Samples on which both have an opinion: the sum of `counts`.' })
  get samples(): number {
    return this.counts.flat().reduce((sum, count) => sum + count, 0);
  }

  @Field(() => MatrixScalar, {
    nullable: true,
    description:
      '[row][column]: the distribution behind the column opinion, summed over the samples of the row: counts that keep the doubt. Null where `columns` is GIVEN or CLEAN.',
  })
  expected!: number[][] | null;

  @Field(() => MatrixScalar, { description: '[row][column]: each row divided by its sum; null in an empty row.' })
  get normalised(): (number | null)[][] {
    return normaliseRows(this.counts);
  }
}
