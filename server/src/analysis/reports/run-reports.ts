import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Split } from '../../split.js';

export enum Predictor {
  AUXILIARY = 'AUXILIARY',
  FUSED = 'FUSED',
  TARGET = 'TARGET',
}
registerEnumType(Predictor, {
  name: 'Predictor',
  description: 'A distribution of which the highest class is a prediction.',
  valuesConfig: {
    AUXILIARY: { description: 'The label distribution p.' },
    FUSED: { description: 'The fused distribution q.' },
    TARGET: { description: "The target distribution: the model's prediction." },
  },
});

export enum Reference {
  GIVEN = 'GIVEN',
  CLEAN = 'CLEAN',
  VOTES = 'VOTES',
}
registerEnumType(Reference, {
  name: 'Reference',
  description: 'What is held to be true.',
  valuesConfig: {
    GIVEN: { description: 'The label the run was given.' },
    CLEAN: { description: 'The correct label, where known.' },
    VOTES: { description: 'Votes divided by their sum: accuracy is then the share of votes for the predicted class.' },
  },
});

@ObjectType({ description: 'Samples whose highest value lies in (lower, upper]; the first bin has 0 too.' })
export class CalibrationBin {
  @Field(() => Float, { description: 'In [0, 1).' })
  lower!: number;

  @Field(() => Float, { description: 'In (0, 1].' })
  upper!: number;

  @Field(() => Int, { description: 'Samples in the bin.' })
  samples!: number;

  @Field(() => Float, { nullable: true, description: 'Mean of the highest value, in [0, 1]; null in an empty bin.' })
  confidence!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean of what the reference gives the predicted class, in [0, 1]; null in an empty bin.',
  })
  accuracy!: number | null;
}

@ObjectType({ description: 'Whether a distribution is as sure as it is right, over a split after an epoch.' })
export class CalibrationReport {
  @Field(() => Int, { description: 'Counted from 1.' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples.' })
  split!: Split;

  @Field(() => Predictor, { description: 'Whose distributions.' })
  predictor!: Predictor;

  @Field(() => Reference, { description: 'What they are compared with.' })
  reference!: Reference;

  @Field(() => Int, { description: 'Samples of which the reference is known.' })
  samples!: number;

  @Field(() => [CalibrationBin], { description: '15 equal bins of [0, 1], lowest first.' })
  bins!: CalibrationBin[];

  @Field(() => Float, {
    description: 'Expected calibration error: sum over the bins of share |accuracy - confidence|, in [0, 1].',
  })
  ece!: number;

  @Field(() => Float, {
    description: 'Maximum calibration error: the largest |accuracy - confidence| of a bin with samples.',
  })
  mce!: number;

  @Field(() => Float, { description: 'Brier score: mean of sum over the classes of (p - truth)^2, in [0, 2].' })
  brier!: number;

  @Field(() => Float, { description: 'Mean of -sum truth log p in nats, p clipped at machine epsilon.' })
  nll!: number;
}

@ObjectType({ description: 'Mean attention w of the samples with one given label.' })
export class ClassAttention {
  @Field(() => String, { description: 'A name of `Dataset.classes`.' })
  class!: string;

  @Field(() => Int, { description: 'Samples with this given label.' })
  samples!: number;

  @Field(() => Float, { nullable: true, description: 'Arithmetic mean; null without samples, as all that follow.' })
  mean!: number | null;

  @Field(() => Float, { nullable: true, description: 'Lowest w.' })
  minimum!: number | null;

  @Field(() => Float, { nullable: true, description: 'Highest w.' })
  maximum!: number | null;

  @Field(() => Float, { nullable: true, description: '5th percentile.' })
  p5!: number | null;

  @Field(() => Float, { nullable: true, description: '95th percentile.' })
  p95!: number | null;

  @Field(() => [Int], { description: 'Samples in each of 20 equal bins of [0, 1], lowest first.' })
  histogram!: number[];
}

export enum HealthSignature {
  AUXILIARY_LEARNED_NOTHING = 'AUXILIARY_LEARNED_NOTHING',
  ATTENTION_COLLAPSED = 'ATTENTION_COLLAPSED',
  CLASS_DISTRIBUTION_UNRELIABLE = 'CLASS_DISTRIBUTION_UNRELIABLE',
  MEMORISING_NOISE = 'MEMORISING_NOISE',
}
registerEnumType(HealthSignature, {
  name: 'HealthSignature',
  description: 'A way in which training of Ada-DF goes wrong.',
  valuesConfig: {
    AUXILIARY_LEARNED_NOTHING: {
      description:
        'Label distributions of TRAIN have at least 95 % of the entropy of a uniform one on average, or vary by less than 0.0001 over the samples.',
    },
    ATTENTION_COLLAPSED: {
      description:
        "w's 5th to 95th percentile over TRAIN lie within 0.05, or more than half of TRAIN has w below 0.05 or above 0.95.",
    },
    CLASS_DISTRIBUTION_UNRELIABLE: {
      description:
        'Fallback rows after the ramp, a class with fewer than 10 training samples, or one with more than 10 times those of another.',
    },
    MEMORISING_NOISE: {
      description:
        'Over 3 epochs the accuracy of the auxiliary branch on TRAIN rises, while that of the target branch on VALIDATION is 2 points or more below its best.',
    },
  },
});

@ObjectType({ description: 'A sign that training goes wrong: what was measured, and what to try.' })
export class HealthFinding {
  @Field(() => HealthSignature, { description: 'What goes wrong.' })
  signature!: HealthSignature;

  @Field(() => String, { description: 'What was measured.' })
  measure!: string;

  @Field(() => Float, { description: 'Its value.' })
  value!: number;

  @Field(() => Float, { description: 'The value it should not have passed.' })
  threshold!: number;

  @Field(() => Int, { description: 'Since this epoch it has held without a break.' })
  since!: number;

  @Field(() => String, { description: 'The numbers in a sentence.' })
  evidence!: string;

  @Field(() => String, { description: 'What to try.' })
  advice!: string;
}
