import { Field, Float, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { NoiseKind } from './noise-record.js';

export enum AmbiguitySource {
  VOTES = 'VOTES',
  TRUE_DISTRIBUTION = 'TRUE_DISTRIBUTION',
}
registerEnumType(AmbiguitySource, {
  name: 'AmbiguitySource',
  description: 'Which distribution says how ambiguous a sample is and what its second class is.',
  valuesConfig: {
    VOTES: { description: 'Votes of its raters.' },
    TRUE_DISTRIBUTION: { description: '`Sample.trueDistribution`.' },
  },
});

@InputType({ description: 'A class and the one its flipped labels become.' })
export class ClassPairInput {
  @Field(() => String, { description: 'Label before, a name of `Dataset.classes`.' })
  from!: string;

  @Field(() => String, { description: 'Label after.' })
  to!: string;
}

@InputType({
  description: 'Which training labels to flip. Validation and test labels, and the base set, stay as they are.',
})
export class LabelNoiseInput {
  @Field(() => ID, { description: 'Like `dataset_1`.' })
  dataset!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The set to flip labels of. Default: the clean labels where they are known, else the given ones.',
  })
  base?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Unique within the data set. Default: from kind, rate and seed.',
  })
  name?: string | null;

  @Field(() => NoiseKind, { description: 'How flipped labels are chosen.' })
  kind!: NoiseKind;

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the labelled training samples to flip, above 0 and at most 1. Needed for all kinds but TRANSITION, where it scales the matrix; default there: as the matrix says.',
  })
  rate?: number | null;

  @Field(() => Int, { nullable: true, description: 'Decides which samples are flipped. Default 1.' })
  seed?: number | null;

  @Field(() => [ClassPairInput], {
    nullable: true,
    description: 'PAIR_FLIP: instead of the usual pairs. Classes without a pair keep their labels.',
  })
  pairs?: ClassPairInput[] | null;

  @Field(() => [[Float]], {
    nullable: true,
    description: 'TRANSITION: `[C][C]`, row = label before, column = after; each row sums to 1.',
  })
  matrix?: number[][] | null;

  @Field(() => AmbiguitySource, {
    nullable: true,
    description: 'INSTANCE: which distribution decides. Default: the true distribution where it is known, else votes.',
  })
  ambiguity?: AmbiguitySource | null;
}
