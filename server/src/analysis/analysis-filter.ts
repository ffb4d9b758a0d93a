import { Field, InputType } from 'type-graphql';
import { Split } from '../datasets/split.js';

const className = 'A name of `Dataset.classes`.';

@InputType({ description: 'Narrows a list of analyses; conditions are combined with AND. A confusion matrix cell is two of them.' })
export class AnalysisFilter {
  @Field(() => Split, { nullable: true, description: 'Only samples of this split.' })
  split?: Split | null;

  @Field(() => String, { nullable: true, description: className })
  givenLabel?: string | null;

  @Field(() => String, { nullable: true, description: className })
  targetLabel?: string | null;

  @Field(() => String, { nullable: true, description: className })
  auxiliaryLabel?: string | null;

  @Field(() => String, { nullable: true, description: className })
  fusedLabel?: string | null;

  @Field(() => String, { nullable: true, description: `${className} INVALID_INPUT where no sample has votes.` })
  votesLabel?: string | null;

  @Field(() => String, { nullable: true, description: `${className} INVALID_INPUT where no clean label is known.` })
  cleanLabel?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether targetLabel is givenLabel.' })
  correct?: boolean | null;
}
