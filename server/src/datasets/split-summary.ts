import { Field, Int, ObjectType } from 'type-graphql';
import { Split } from '../split.js';

@ObjectType({ description: 'How many samples a split has.' })
export class SplitSummary {
  @Field(() => Split, { description: 'The split counted.' })
  split!: Split;

  @Field(() => Int, { description: 'Samples with any label.' })
  samples!: number;

  @Field(() => [Int], { description: 'Samples with each given label, in the order of `Dataset.classes`.' })
  classCounts!: number[];
}
