import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { MatrixScalar } from '../../graphql/scalars.js';

export enum NoiseKind {
  SYMMETRIC = 'SYMMETRIC',
  PAIR_FLIP = 'PAIR_FLIP',
  TRANSITION = 'TRANSITION',
  INSTANCE = 'INSTANCE',
}
registerEnumType(NoiseKind, {
  name: 'NoiseKind',
  description:
    'How flipped labels are chosen. Samples are drawn by the seed; a higher rate flips the same ones and more.',
  valuesConfig: {
    SYMMETRIC: { description: 'To every other class alike.' },
    PAIR_FLIP: {
      description:
        'To the class it is usually confused with: surprise and fear, sadness and neutral to each other, disgust to anger and back, happiness to neutral; or to given partners.',
    },
    TRANSITION: { description: 'By a given matrix of probabilities.' },
    INSTANCE: { description: 'The most ambiguous samples, to their second class.' },
  },
});

@ObjectType({ description: 'How a set of kind NOISE was made.' })
export class NoiseRecord {
  @Field(() => NoiseKind, { description: 'How flipped labels were chosen.' })
  kind!: NoiseKind;

  @Field(() => Float, {
    description:
      'Share of the labelled training samples that was asked for; for TRANSITION without a rate, what the matrix makes of the class counts.',
  })
  rate!: number;

  @Field(() => Int, { description: 'Decides which samples were flipped.' })
  seed!: number;

  @Field(() => Int, {
    description: 'Training labels that were flipped: rate times labelled training samples, rounded.',
  })
  flips!: number;

  @Field(() => MatrixScalar, {
    nullable: true,
    description: 'TRANSITION: `[C][C]`, row = label before, column = after, as given. Null for other kinds.',
  })
  matrix!: number[][] | null;
}
