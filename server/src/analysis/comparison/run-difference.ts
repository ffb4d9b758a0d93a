import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Split } from '../../split.js';

@ObjectType({ description: 'A setting that two runs have otherwise.' })
export class SettingChange {
  @Field(() => String, { description: 'Nested ones as `optimizer.lr`; `labelSet` for the labels.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'JSON; null where the run before has none of the name.' })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'JSON; null where the run after has none of the name.' })
  after!: string | null;
}

@ObjectType({ description: 'How far the predictions of two runs agree over some samples, whatever is right.' })
export class RunAgreement {
  @Field(() => Int, { description: 'Samples that both runs predicted.' })
  samples!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Share on which both say the same, in [0, 1]; null without samples.',
  })
  share!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Cohen's kappa, in [-1, 1]: 0 is what chance gives. Null without samples or without any doubt.",
  })
  kappa!: number | null;
}

@ObjectType({ description: 'Where two runs part: their agreement over the samples of one part.' })
export class PartAgreement extends RunAgreement {
  @Field(() => String, { description: 'A class, a split, or a quarter from `clearest` to `most ambiguous`.' })
  part!: string;

  @Field(() => Float, { nullable: true, description: 'Share that the run before predicts as labelled, in [0, 1].' })
  accuracyBefore!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share that the run after predicts as labelled, in [0, 1].' })
  accuracyAfter!: number | null;
}

export enum PartingKind {
  CLASS = 'CLASS',
  SPLIT = 'SPLIT',
  AMBIGUITY = 'AMBIGUITY',
}
registerEnumType(PartingKind, {
  name: 'PartingKind',
  description: 'By what the samples of two runs are parted.',
  valuesConfig: {
    CLASS: { description: 'By label, in the order of `Dataset.classes`.' },
    SPLIT: { description: 'Every split, whatever split is compared.' },
    AMBIGUITY: {
      description:
        'Quarters by the entropy of the votes where people voted, else by the mean ratio of the second to the highest target value of the two runs.',
    },
  },
});

export enum RightRun {
  BEFORE = 'BEFORE',
  AFTER = 'AFTER',
  BOTH = 'BOTH',
  NEITHER = 'NEITHER',
}
registerEnumType(RightRun, {
  name: 'RightRun',
  description: 'Which of two runs predicts what a sample is labelled, each by its own labels.',
  valuesConfig: {
    BEFORE: { description: 'The run before alone.' },
    AFTER: { description: 'The run after alone.' },
    BOTH: { description: 'Both.' },
    NEITHER: { description: 'Neither.' },
  },
});

@ObjectType({ description: 'How many samples each of two runs gets right.' })
export class RightCounts {
  @Field(() => Int, { description: 'The run before alone.' })
  before!: number;

  @Field(() => Int, { description: 'The run after alone.' })
  after!: number;

  @Field(() => Int, { description: 'Both.' })
  both!: number;

  @Field(() => Int, { description: 'Neither.' })
  neither!: number;
}

@ObjectType({ description: 'The accuracy of two runs after an epoch, side by side.' })
export class ComparedEpoch {
  @Field(() => Int, { description: 'Counted from 1.' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples.' })
  split!: Split;

  @Field(() => Float, { nullable: true, description: 'Of the run before; null where it has no such epoch.' })
  before!: number | null;

  @Field(() => Float, { nullable: true, description: 'Of the run after; null where it has no such epoch.' })
  after!: number | null;
}
