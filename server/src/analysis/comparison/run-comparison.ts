import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Split } from '../../split.js';
import { MatrixScalar } from '../../graphql/scalars.js';
import type { PairedDifference } from '../../metrics/paired-difference.js';
import { TrainingRun } from '../../runs/training-run.entity.js';

export enum ComparedLabels {
  OWN = 'OWN',
  BEFORE = 'BEFORE',
  AFTER = 'AFTER',
}
registerEnumType(ComparedLabels, {
  name: 'ComparedLabels',
  description: 'Against which labels the predictions of two runs are counted.',
  valuesConfig: {
    OWN: { description: 'Each run against the labels it was trained and measured with.' },
    BEFORE: { description: 'Both against those of the run before.' },
    AFTER: {
      description: 'Both against those of the run after: the fair question where these are the corrected ones.',
    },
  },
});

export enum ChangeKind {
  LABEL = 'LABEL',
  PREDICTION = 'PREDICTION',
  BOTH = 'BOTH',
}
registerEnumType(ChangeKind, {
  name: 'ChangeKind',
  description: 'What differs between two runs on a sample.',
  valuesConfig: {
    LABEL: { description: 'Its label was changed; both runs predict the same.' },
    PREDICTION: {
      description: 'The runs predict otherwise though its label is the same: other labels, or chance, did it.',
    },
    BOTH: { description: 'Its label was changed, and the runs predict otherwise.' },
  },
});

@ObjectType({ description: 'How well one class is told before and after. Null without a sample to count.' })
export class ClassChange {
  @Field(() => String, { description: 'A name of `Dataset.classes`.' })
  class!: string;

  @Field(() => Float, { nullable: true, description: 'In [0, 1].' })
  recallBefore!: number | null;

  @Field(() => Float, { nullable: true, description: 'In [0, 1].' })
  recallAfter!: number | null;

  @Field(() => Float, { nullable: true, description: 'In [0, 1].' })
  precisionBefore!: number | null;

  @Field(() => Float, { nullable: true, description: 'In [0, 1].' })
  precisionAfter!: number | null;

  @Field(() => Float, { nullable: true, description: 'In [0, 1].' })
  f1Before!: number | null;

  @Field(() => Float, { nullable: true, description: 'In [0, 1].' })
  f1After!: number | null;

  @Field(() => Float, { nullable: true, description: 'After less before, in [-1, 1].' })
  f1Delta!: number | null;
}

/** Samples with each kind of change. */
@ObjectType({ description: 'Samples that both runs saw, by what differs.' })
export class ChangeCounts {
  @Field(() => Int, { description: 'Nothing differs.' })
  unchanged!: number;

  @Field(() => Int, { description: 'The label alone.' })
  label!: number;

  @Field(() => Int, { description: 'The prediction alone.' })
  prediction!: number;

  @Field(() => Int, { description: 'Both.' })
  both!: number;

  @Field(() => Int, { description: 'Wrong before and right after, each against the compared labels.' })
  mended!: number;

  @Field(() => Int, { description: 'Right before and wrong after.' })
  broken!: number;

  @Field(() => Int, { description: 'Samples that only the run before had.' })
  onlyBefore!: number;

  @Field(() => Int, { description: 'Samples that only the run after had.' })
  onlyAfter!: number;
}

@ObjectType({
  description:
    'How much more often the run after is right, over the same samples: the two accuracies are paired, so their difference is known better than either of them.',
})
export class AccuracyDifference implements PairedDifference {
  @Field(() => Float, { description: 'Accuracy after less accuracy before, in [-1, 1].' })
  difference!: number;

  @Field(() => Float, { description: 'Lower end of its 95 % interval (Agresti and Min), in [-1, 1].' })
  low!: number;

  @Field(() => Float, { description: 'Upper end, in [-1, 1].' })
  high!: number;

  @Field(() => Float, {
    description:
      "McNemar's exact test, two-sided, in (0, 1]: how often chance alone would split the samples that only one run got right so unevenly. It knows one seed only: how much two seeds differ, several runs say.",
  })
  p!: number;
}

@ObjectType({ description: 'A sample on which two runs differ.' })
export class SampleChange {
  sampleRow!: number;

  @Field(() => ChangeKind, { description: 'What differs.' })
  kind!: ChangeKind;

  @Field(() => String, { description: 'A name of `Dataset.classes`, like the next three.' })
  labelBefore!: string;

  @Field(() => String, { description: 'The label in the run after.' })
  labelAfter!: string;

  @Field(() => String, { description: 'Prediction of the target branch of the run before.' })
  predictionBefore!: string;

  @Field(() => String, { description: 'Prediction of the target branch of the run after.' })
  predictionAfter!: string;
}

/** Two runs of one data set side by side, each after its newest epoch. */
@ObjectType({
  description:
    'Two runs of one data set, each after its newest epoch: what a correction of labels, or anything else, changed. Counted over the samples both have.',
})
export class RunComparison {
  @Field(() => TrainingRun, { description: 'The run compared with.' })
  before!: TrainingRun;

  @Field(() => TrainingRun, { description: 'The run compared.' })
  after!: TrainingRun;

  @Field(() => Split, { description: 'The split compared.' })
  split!: Split;

  @Field(() => [String], {
    description:
      'Names of settings that differ, `labelSet` among them. Where `seed` differs or weights were drawn otherwise, chance is part of every difference.',
  })
  differences!: string[];

  @Field(() => [String], { description: 'Class names, in the order of the matrices.' })
  classes!: string[];

  @Field(() => MatrixScalar, { description: 'Samples by label and prediction before, `[C][C]`.' })
  matrixBefore!: number[][];

  @Field(() => MatrixScalar, { description: 'Samples by label and prediction after, `[C][C]`.' })
  matrixAfter!: number[][];

  @Field(() => Float, { nullable: true, description: 'In [0, 1]; null without a sample in common.' })
  accuracyBefore!: number | null;

  @Field(() => Float, { nullable: true, description: 'In [0, 1]; null without a sample in common.' })
  accuracyAfter!: number | null;

  @Field(() => AccuracyDifference, { nullable: true, description: 'Null without a sample in common.' })
  accuracyDifference!: AccuracyDifference | null;

  @Field(() => [ClassChange], { description: 'C entries, in the order of `classes`.' })
  perClass!: ClassChange[];

  @Field(() => ChangeCounts, { description: 'How many samples changed, and how.' })
  counts!: ChangeCounts;
}
