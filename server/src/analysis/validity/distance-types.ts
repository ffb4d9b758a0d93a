import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DistributionScalar } from '../../graphql/scalars.js';
import { DistanceMeasure, DistributionKind } from '../record/vocabulary.js';
import { Estimate } from './validity-types.js';

@ObjectType({ description: 'How far two distributions of the samples of a split are apart, on average.' })
export class MeanDistanceView {
  @Field(() => DistributionKind, { description: 'u.' })
  from!: DistributionKind;

  @Field(() => DistributionKind, { description: 'v.' })
  to!: DistributionKind;

  @Field(() => DistanceMeasure, { description: 'Of u and v.' })
  measure!: DistanceMeasure;

  @Field(() => Int, { description: 'Samples that have both.' })
  samples!: number;

  @Field(() => Estimate, { description: 'Mean over them.' })
  mean!: Estimate;
}

@ObjectType({ description: 'A measure of how far two distributions are apart.' })
export class Distance {
  @Field(() => DistanceMeasure, { description: 'Which.' })
  measure!: DistanceMeasure;

  @Field(() => Float, { description: 'Its value.' })
  value!: number;
}

@ObjectType({ description: 'How far a row of L is from what the samples labelled so truly are, on average.' })
export class ClassMeanDistanceView {
  @Field(() => String, { description: 'The given label.' })
  class!: string;

  @Field(() => Int, { description: 'Training samples with it whose true distribution is known.' })
  samples!: number;

  @Field(() => DistributionScalar, {
    nullable: true,
    description: 'Mean of their true distributions, `[C]`; null without any.',
  })
  truth!: number[] | null;

  @Field(() => [Distance], { description: 'From that mean (u) to the row of L (v); empty where one is not known.' })
  distances!: Distance[];
}
