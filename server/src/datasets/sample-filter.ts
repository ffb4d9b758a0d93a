import { Field, InputType } from 'type-graphql';
import { Split } from './split.js';

@InputType({ description: 'Narrows a list of samples; conditions are combined with AND.' })
export class SampleFilter {
  @Field(() => Split, { nullable: true, description: 'Only samples of this split.' })
  split?: Split | null;

  @Field(() => String, { nullable: true, description: 'A name of `Dataset.classes`.' })
  givenLabel?: string | null;

  @Field(() => String, { nullable: true, description: 'Text that occurs in the key, upper and lower case alike.' })
  keyContains?: string | null;
}
