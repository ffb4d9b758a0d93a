import { Field, Float, ID, InputType } from 'type-graphql';
import { Split } from '../split.js';

const className = 'A name of `Dataset.classes`.';

@InputType({ description: 'A number between two values, both included. At least one of them.' })
export class NumberRange {
  @Field(() => Float, { nullable: true, description: 'Lowest value; unset: no lower end.' })
  minimum?: number | null;

  @Field(() => Float, { nullable: true, description: 'Highest value; unset: no upper end.' })
  maximum?: number | null;
}

/** What is known of a sample without any run. */
@InputType()
export abstract class SampleConditions {
  @Field(() => Split, { nullable: true, description: 'Only samples of this split.' })
  split?: Split | null;

  @Field(() => String, { nullable: true, description: className })
  givenLabel?: string | null;

  @Field(() => String, { nullable: true, description: `The correct label, where it is known. ${className}` })
  cleanLabel?: string | null;

  @Field(() => String, { nullable: true, description: `The class with the most votes. ${className}` })
  votesLabel?: string | null;

  @Field(() => String, { nullable: true, description: '`Sample.subject`, exactly.' })
  subject?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text that occurs in the key, upper and lower case alike, of letters with accents too.',
  })
  keyContains?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether anybody voted for one of the classes.' })
  hasVotes?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the correct label is known.' })
  hasCleanLabel?: boolean | null;

  @Field(() => NumberRange, {
    nullable: true,
    description: 'Entropy of the votes in nats: [0, log C]. A sample without votes is in no range.',
  })
  votesEntropy?: NumberRange | null;

  @Field(() => [ID], { nullable: true, description: 'Only these samples: at most 10,000 ids like `sample_12`.' })
  samples?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Only samples of this saved list, like `list_1`.' })
  list?: string | null;
}

@InputType({
  description:
    'Narrows a list of samples. Conditions beside each other all have to hold; `and`, `or` and `not` nest, up to 8 deep and 100 conditions in all. A sample without the thing asked for (a clean label, votes, a subject) does not meet the condition.',
})
export class SampleFilter extends SampleConditions {
  @Field(() => [SampleFilter], { nullable: true, description: 'All of these hold; an empty list always does.' })
  and?: SampleFilter[] | null;

  @Field(() => [SampleFilter], {
    nullable: true,
    description: 'At least one of these holds; an empty list never does.',
  })
  or?: SampleFilter[] | null;

  @Field(() => SampleFilter, { nullable: true, description: 'This does not hold.' })
  not?: SampleFilter | null;
}
