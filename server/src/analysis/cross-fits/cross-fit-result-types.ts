import { Field, Float, Int, ObjectType } from 'type-graphql';
import { MatrixScalar } from '../../graphql/scalars.js';
import { Measure } from '../record/measure.js';
import { ConfidentRule } from '../record/vocabulary.js';
import { Estimate, ScoreDetection } from '../validity/validity-types.js';

@ObjectType({ description: 'A score in sample and out of sample, over the same samples and the same draws.' })
export class CrossFitScore {
  @Field(() => Measure, { description: 'Turned so that its suspicious end is high.' })
  measure!: Measure;

  @Field(() => ScoreDetection, { description: 'By the run that never saw the sample.' })
  outOfSample!: ScoreDetection;

  @Field(() => ScoreDetection, {
    nullable: true,
    description: 'By the run of the next fold, which trained on the sample; null where only one fold is complete.',
  })
  inSample!: ScoreDetection | null;

  @Field(() => Estimate, {
    nullable: true,
    description: 'AUROC out of sample less AUROC in sample; the interval is of the paired difference.',
  })
  aurocGain!: Estimate | null;
}

@ObjectType({ description: 'What confident learning finds.' })
export class SuspectsFound {
  @Field(() => Int, { description: 'Samples suspected.' })
  suspected!: number;

  @Field(() => Float, { nullable: true, description: 'Of these, the share that is wrong; null without any.' })
  precision!: number | null;

  @Field(() => Float, { nullable: true, description: 'Of the wrong labels, the share suspected; null without any.' })
  recall!: number | null;
}

@ObjectType({
  description: 'How well wrong labels are found that are known, in sample and out of sample side by side.',
})
export class CrossFitDetection {
  @Field(() => Int, { description: 'Samples of complete folds whose clean label is known.' })
  samples!: number;

  @Field(() => Int, { description: 'Of these, those labelled otherwise.' })
  wrong!: number;

  @Field(() => Float, { description: 'wrong / samples: what a guess has as average precision.' })
  baseRate!: number;

  @Field(() => SuspectsFound, { description: 'By confident learning, out of sample.' })
  outOfSample!: SuspectsFound;

  @Field(() => SuspectsFound, { nullable: true, description: 'In sample; null where only one fold is complete.' })
  inSample!: SuspectsFound | null;

  @Field(() => [CrossFitScore], { description: 'Every measure of the network with a suspicious end.' })
  scores!: CrossFitScore[];
}

@ObjectType({ description: 'The confident joint of probabilities out of sample, thresholds over all folds together.' })
export class CrossFitJoint {
  @Field(() => ConfidentRule, { description: 'Where a sample counts that reaches several thresholds.' })
  rule!: ConfidentRule;

  @Field(() => [String], { description: 'Names of rows and columns: `Dataset.classes`.' })
  classes!: string[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Mean target value of each class over the samples labelled so; null for a class without samples.',
  })
  thresholds!: (number | null)[];

  @Field(() => MatrixScalar, { description: '[given label][confident class]: samples.' })
  counts!: number[][];

  @Field(() => MatrixScalar, { description: 'The same so that each row sums to the samples with its label.' })
  calibrated!: number[][];

  @Field(() => [Float], {
    nullable: 'items',
    description:
      'Of the samples that truly are of a class, the share labelled otherwise, estimated; null where there is none.',
  })
  noiseRates!: (number | null)[];

  @Field(() => Float, { description: 'Samples with a wrong label, estimated.' })
  wrong!: number;
}

@ObjectType({ description: 'A sample as the run judges it that never saw it.' })
export class CrossFitSuspect {
  sampleRow!: number;
  value!: number;

  @Field(() => Int, { description: 'Number of its fold.' })
  fold!: number;

  @Field(() => String, { description: 'Its label in the set judged.' })
  givenLabel!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What confident learning would label it; null where it does not suspect the label.',
  })
  suggestedLabel!: string | null;

  @Field(() => Float, { description: 'Target distribution at the given label.' })
  selfConfidence!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Of the measure that orders the list; null where it is unknown, which counts as most suspicious.',
  })
  measured!: number | null;
}
