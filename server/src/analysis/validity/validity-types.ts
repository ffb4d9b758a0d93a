import { Field, Float, Int, ObjectType } from 'type-graphql';
import { MatrixScalar } from '../../graphql/scalars.js';
import { Split } from '../../split.js';
import { Measure } from '../record/measure.js';
import { ConfidentRule, DistributionKind } from '../record/vocabulary.js';

const inSample =
  'Whether the run trained on these samples: its scores then flatter the given labels, the more the longer it trained.';

@ObjectType({ description: '95 % interval by bootstrap over the samples: seeded, 40 to 200 repetitions, percentiles.' })
export class ScoreInterval {
  @Field(() => Float, { description: '2.5th percentile.' })
  lower!: number;

  @Field(() => Float, { description: '97.5th percentile.' })
  upper!: number;
}

@ObjectType({ description: 'A number over samples, and how far chance could move it.' })
export class Estimate {
  @Field(() => Float, { description: 'Over all samples.' })
  value!: number;

  @Field(() => ScoreInterval, { nullable: true, description: 'Null where too few draws have the number.' })
  interval!: ScoreInterval | null;
}

@ObjectType({ description: 'How well a measure of a run tells which samples people disagree on.' })
export class UncertaintyValidity {
  @Field(() => Measure, { description: 'Turned so that its suspicious end is high.' })
  measure!: Measure;

  @Field(() => Estimate, {
    nullable: true,
    description: "Spearman's correlation with the entropy of the votes; null where one is constant.",
  })
  spearman!: Estimate | null;

  @Field(() => Float, { nullable: true, description: "Kendall's tau-b with the entropy of the votes." })
  kendall!: number | null;

  @Field(() => Estimate, {
    nullable: true,
    description:
      'How likely a sample of the top third by entropy of the votes has more of it than one of the bottom third.',
  })
  auroc!: Estimate | null;
}

@ObjectType({ description: 'How near a distribution of a run is to the votes, on average.' })
export class DistributionValidity {
  @Field(() => DistributionKind, { description: 'LABEL, FUSED or TARGET.' })
  distribution!: DistributionKind;

  @Field(() => Float, { description: 'Mean KL(votes || distribution) in nats.' })
  kullbackLeibler!: number;

  @Field(() => Float, { description: 'Mean Jensen-Shannon divergence in nats.' })
  jensenShannon!: number;

  @Field(() => Float, { description: 'Mean of sum min(votes, distribution), in [0, 1].' })
  softMicroF1!: number;

  @Field(() => ScoreInterval, { nullable: true, description: 'Of softMicroF1.' })
  interval!: ScoreInterval | null;
}

@ObjectType({
  description:
    'What a model that knows the true distributions would score against these votes: no model can be expected to do better. Nobody knows the truth, so it is drawn: the most likely distribution of truths given all votes (800 points from Dirichlet posteriors, weights by expectation and maximisation), a truth for each sample from its posterior, and as many votes again as were cast. From at most 2,000 samples. On drawn faces, whose truth is known, the soft micro F1 lies within 0.02 of the true ceiling at 5, 10 and 20 raters, Spearman within 0.02 at 10 raters, within 0.03 at 20 and within 0.05, too low, at 5.',
})
export class HumanCeiling {
  @Field(() => Float, {
    nullable: true,
    description: "Spearman's correlation of the entropy of the truth with that of the votes.",
  })
  spearman!: number | null;

  @Field(() => Float, { nullable: true, description: 'AUROC of the same, top against bottom third of the votes.' })
  auroc!: number | null;

  @Field(() => Float, { description: 'Mean KL(votes || truth) in nats: the least there can be.' })
  kullbackLeibler!: number;

  @Field(() => Float, { description: 'Mean Jensen-Shannon divergence in nats.' })
  jensenShannon!: number;

  @Field(() => Float, { description: 'Mean of sum min(votes, truth).' })
  softMicroF1!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      "Reliability of the entropy of the votes: Spearman's correlation of two random halves of each sample's votes, corrected by Spearman and Brown. Its root is another ceiling of Spearman, too low with five raters. Null where the halves do not agree.",
  })
  splitHalf!: number | null;
}

@ObjectType({ description: 'Whether what a run finds ambiguous is what people disagree on, beside the human ceiling.' })
export class AmbiguityValidity {
  @Field(() => Int, { description: 'Counted from 1.' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples.' })
  split!: Split;

  @Field(() => Int, { description: 'Samples with votes.' })
  samples!: number;

  @Field(() => Float, { description: 'Votes a sample, on average.' })
  meanVoters!: number;

  @Field(() => [UncertaintyValidity], { description: 'Every measure of the network with a suspicious end.' })
  uncertainties!: UncertaintyValidity[];

  @Field(() => [DistributionValidity], { description: 'Those that the run recorded.' })
  distributions!: DistributionValidity[];

  @Field(() => HumanCeiling, { description: 'What to compare with.' })
  ceiling!: HumanCeiling;
}

@ObjectType({ description: 'How well a score finds labels that are known to be wrong.' })
export class ScoreDetection {
  @Field(() => Measure, { description: 'Turned so that its suspicious end is high.' })
  measure!: Measure;

  @Field(() => Estimate, {
    nullable: true,
    description: 'How likely a wrong label is more suspicious than a right one; null where all are of one kind.',
  })
  auroc!: Estimate | null;

  @Field(() => Estimate, {
    nullable: true,
    description:
      "Area under precision over recall, as scikit-learn's average_precision_score; a guess scores `baseRate`.",
  })
  averagePrecision!: Estimate | null;

  @Field(() => Estimate, {
    nullable: true,
    description:
      'Taking as many samples of the highest scores as confident learning suspects (`suspected`): the share that is wrong. Null where it suspects none.',
  })
  precision!: Estimate | null;

  @Field(() => Estimate, {
    nullable: true,
    description: 'Of the wrong labels, the share among those taken; null where none is wrong.',
  })
  recall!: Estimate | null;
}

@ObjectType({ description: 'How well the scores of a run find wrong labels, where these are known.' })
export class NoiseDetection {
  @Field(() => Int, { description: 'Counted from 1.' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples.' })
  split!: Split;

  @Field(() => Boolean, { description: inSample })
  inSample!: boolean;

  @Field(() => Int, { description: 'Samples whose clean label is known.' })
  samples!: number;

  @Field(() => Int, { description: 'Of these, those labelled otherwise.' })
  wrong!: number;

  @Field(() => Float, { description: 'wrong / samples.' })
  baseRate!: number;

  @Field(() => [ScoreDetection], { description: 'Every measure of the network with a suspicious end.' })
  scores!: ScoreDetection[];

  @Field(() => Int, { description: 'Samples that confident learning suspects.' })
  suspected!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Of these, the share that is wrong; null where none is suspected.',
  })
  precision!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Of the wrong ones, the share that is suspected; null where none is wrong.',
  })
  recall!: number | null;
}

@ObjectType({ description: 'Confident learning over a split: who is labelled what and confidently of what.' })
export class ConfidentJoint {
  @Field(() => Int, { description: 'Counted from 1.' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples.' })
  split!: Split;

  @Field(() => ConfidentRule, { description: 'Where a sample counts that reaches several thresholds.' })
  rule!: ConfidentRule;

  @Field(() => Boolean, { description: inSample })
  inSample!: boolean;

  @Field(() => [String], { description: 'Names of rows and columns: `Dataset.classes`.' })
  classes!: string[];

  @Field(() => [Float], {
    nullable: 'items',
    description:
      'Mean target value of each class over the samples labelled so, at least 2e-6; null for a class without samples.',
  })
  thresholds!: (number | null)[];

  @Field(() => MatrixScalar, { description: '[given label][confident class]: samples.' })
  counts!: number[][];

  @Field(() => MatrixScalar, {
    description:
      "The same so that each row sums to the samples with its label: cleanlab's calibrated joint before it rounds.",
  })
  calibrated!: number[][];

  @Field(() => MatrixScalar, {
    description:
      'One row: of the samples that truly are of a class, the share labelled otherwise; null where there is none.',
  })
  noiseRates!: (number | null)[][];

  @Field(() => Float, {
    description: 'Samples with a wrong label, estimated: the sum off the diagonal of `calibrated`.',
  })
  wrong!: number;
}

@ObjectType({ description: 'What a review costs in one order.' })
export class ReviewOrder {
  @Field(() => Measure, { description: 'The most suspicious end first.' })
  measure!: Measure;

  @Field(() => Int, {
    nullable: true,
    description: 'Samples to look at until half of the wrong labels are found; null where none is wrong.',
  })
  forHalf!: number | null;

  @Field(() => Int, { nullable: true, description: 'Until 80 % are found.' })
  forFourFifths!: number | null;

  @Field(() => Int, { nullable: true, description: 'Until 95 % are found.' })
  forNearlyAll!: number | null;
}

@ObjectType({
  description: 'How many samples must be looked at to find the wrong labels, and what a review has found so far.',
})
export class ReviewBudget {
  @Field(() => Int, { description: 'Counted from 1.' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples.' })
  split!: Split;

  @Field(() => Boolean, { description: inSample })
  inSample!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether the wrong labels are known, from clean labels. Else their number is what the confident joint estimates, and a suspected label counts as likely wrong as 1 - p_y.',
  })
  known!: boolean;

  @Field(() => Float, { description: 'Wrong labels, known or estimated.' })
  wrong!: number;

  @Field(() => [ReviewOrder], {
    description: 'Every measure of the network with a suspicious end, the cheapest for 80 % first.',
  })
  orders!: ReviewOrder[];

  @Field(() => Int, { description: 'Samples of the split that a person has decided on.' })
  reviewed!: number;

  @Field(() => Float, { description: 'Wrong labels predicted among them.' })
  predicted!: number;

  @Field(() => Int, {
    description: 'Wrong labels found among them: decided to be another class than the run was given.',
  })
  found!: number;
}
