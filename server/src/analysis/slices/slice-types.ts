import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Split } from '../../split.js';
import { Reference } from '../reports/run-reports.js';
import { ScoreInterval } from '../validity/validity-types.js';

@ObjectType({ description: 'Samples that share something, on which the model errs more often than on the others.' })
export class ErrorSlice {
  /** Rows of the samples that are judged wrongly, the most confidently so first. */
  exampleRows!: number[];

  @Field(() => String, { description: 'What they share, e.g. `brightness`, or of two `givenLabel and brightness`.' })
  attribute!: string;

  @Field(() => String, { description: 'The value, or the range of values.' })
  value!: string;

  @Field(() => Int, { description: 'Samples in it.' })
  samples!: number;

  @Field(() => Int, { description: 'Of these, those judged wrongly.' })
  errors!: number;

  @Field(() => Float, { description: 'errors / samples.' })
  errorRate!: number;

  @Field(() => ScoreInterval, { description: '95 % interval of the error rate by Wilson.' })
  interval!: ScoreInterval;

  @Field(() => Float, {
    description: "How likely as many errors lie in it by chance: Fisher's exact test, one-sided, uncorrected.",
  })
  p!: number;

  @Field(() => Float, { description: 'The same corrected by Holm for all slices that were looked at.' })
  corrected!: number;
}

@ObjectType({ description: 'Where a model errs.' })
export class SliceReport {
  @Field(() => Int, { description: 'Counted from 1.' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples.' })
  split!: Split;

  @Field(() => Reference, { description: 'What is held to be true.' })
  reference!: Reference;

  @Field(() => Int, { description: 'Samples of which the reference is known.' })
  samples!: number;

  @Field(() => Float, { description: 'Over all of them.' })
  errorRate!: number;

  @Field(() => ScoreInterval, { description: '95 % interval of it by Wilson.' })
  interval!: ScoreInterval;

  @Field(() => Int, { description: 'Slices that were tested: what `corrected` corrects for.' })
  looked!: number;

  @Field(() => String, { description: 'Which correction that is.' })
  correction!: string;

  @Field(() => [String], { description: 'What samples were told apart by.' })
  attributes!: string[];

  @Field(() => [ErrorSlice], {
    description: 'Slices with more errors than the whole, the least likely by chance first.',
  })
  slices!: ErrorSlice[];
}
