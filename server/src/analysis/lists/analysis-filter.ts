import { Field, Float, ID, InputType } from 'type-graphql';
import { SampleConditions } from '../../datasets/sample-filter.js';
import { Measure } from '../record/measure.js';
import { Opinion } from '../record/vocabulary.js';

const className = 'A name of `Dataset.classes`.';

@InputType({
  description: 'A measure between two values, both included. A sample whose measure is null is in no range.',
})
export class MeasureRange {
  @Field(() => Measure, { description: 'What to look at.' })
  measure!: Measure;

  @Field(() => Float, { nullable: true, description: 'Lowest value, in the unit of the measure; unset: no lower end.' })
  minimum?: number | null;

  @Field(() => Float, { nullable: true, description: 'Highest value; unset: no upper end.' })
  maximum?: number | null;
}

@InputType({ description: 'A cell of a confusion matrix.' })
export class ConfusionCell {
  @Field(() => Opinion, { description: 'Who decides the row.' })
  rows!: Opinion;

  @Field(() => String, { description: `The row: ${className}` })
  row!: string;

  @Field(() => Opinion, { description: 'Who decides the column.' })
  columns!: Opinion;

  @Field(() => String, { description: `The column: ${className}` })
  column!: string;
}

@InputType({ description: 'Two opinions.' })
export class OpinionPair {
  @Field(() => Opinion, { description: 'One opinion.' })
  one!: Opinion;

  @Field(() => Opinion, { description: 'The other.' })
  other!: Opinion;
}

@InputType({ description: 'Two versions of the labels of one data set.' })
export class LabelSetPair {
  @Field(() => ID, { description: 'Like `labelset_1`.' })
  one!: string;

  @Field(() => ID, { description: 'Another one.' })
  other!: string;
}

@InputType({
  description:
    'Narrows a list of analyses. Conditions beside each other all have to hold; `and`, `or` and `not` nest, up to 8 deep and 100 conditions in all. A sample without the thing asked for (votes, a clean label) does not meet the condition. `givenLabel` is the one that the run was given.',
})
export class AnalysisFilter extends SampleConditions {
  @Field(() => String, { nullable: true, description: `The prediction. ${className}` })
  targetLabel?: string | null;

  @Field(() => String, { nullable: true, description: className })
  auxiliaryLabel?: string | null;

  @Field(() => String, { nullable: true, description: className })
  fusedLabel?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether targetLabel is givenLabel.' })
  correct?: boolean | null;

  @Field(() => ConfusionCell, { nullable: true, description: 'Samples of this cell of a confusion matrix.' })
  cell?: ConfusionCell | null;

  @Field(() => OpinionPair, {
    nullable: true,
    description: 'Samples of which these two say different classes; both have to say one.',
  })
  disagree?: OpinionPair | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether a person has decided on the sample: an annotation that was not undone. Not for columns, which never change.',
  })
  annotated?: boolean | null;

  @Field(() => LabelSetPair, {
    nullable: true,
    description:
      'Samples to which these two label sets of the data set give different labels; having none in one of them is a difference.',
  })
  labelsDiffer?: LabelSetPair | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether confident learning gives the sample another class than its given label (`SampleAnalysis.suggestedLabel`).',
  })
  suspected?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: `The class that confident learning suggests instead of the given label. ${className}`,
  })
  suggestedLabel?: string | null;

  @Field(() => [MeasureRange], { nullable: true, description: 'All of these ranges hold.' })
  measures?: MeasureRange[] | null;

  @Field(() => [AnalysisFilter], { nullable: true, description: 'All of these hold; an empty list always does.' })
  and?: AnalysisFilter[] | null;

  @Field(() => [AnalysisFilter], {
    nullable: true,
    description: 'At least one of these holds; an empty list never does.',
  })
  or?: AnalysisFilter[] | null;

  @Field(() => AnalysisFilter, { nullable: true, description: 'This does not hold.' })
  not?: AnalysisFilter | null;
}
