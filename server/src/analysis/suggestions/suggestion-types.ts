import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Split } from '../../split.js';
import { MatrixScalar } from '../../graphql/scalars.js';
import { AnalysisFilter } from '../lists/analysis-filter.js';

export enum Suggester {
  CONFIDENT_LEARNING = 'CONFIDENT_LEARNING',
  FUSED = 'FUSED',
  TARGET = 'TARGET',
}
registerEnumType(Suggester, {
  name: 'Suggester',
  description: 'What of a run suggests labels.',
  valuesConfig: {
    CONFIDENT_LEARNING: {
      description:
        '`SampleAnalysis.suggestedLabel`, and what the target distribution gives that class. It needs no further threshold: each class has its own.',
    },
    FUSED: {
      description:
        'The highest class of the fused distribution q, which holds on to the given label: another class k gets at most (1 - w_min) + w_min L[y]_k.',
    },
    TARGET: { description: "The highest class of the target distribution: the model's prediction." },
  },
});

@InputType({ description: 'Which suggestions of a run to accept.' })
export class AcceptSuggestionsInput {
  @Field(() => ID, { description: 'Like `run_1`. Its suggestions are about the labels it trained on.' })
  run!: string;

  @Field(() => Int, { nullable: true, description: 'Counted from 1. Default: the newest.' })
  epoch?: number | null;

  @Field(() => Suggester, {
    nullable: true,
    description: 'Default CONFIDENT_LEARNING: what `suggestedLabel` and the filter `suspected` say.',
  })
  suggester?: Suggester | null;

  @Field(() => Split, {
    nullable: true,
    description: 'Default TRAIN: labels that a run is measured by should not come from a run.',
  })
  split?: Split | null;

  @Field(() => AnalysisFilter, {
    nullable: true,
    description: 'Only samples that meet it, e.g. those that confident learning suspects.',
  })
  filter?: AnalysisFilter | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Least probability of a suggestion, in [0, 1]. Default: 0 for CONFIDENT_LEARNING, which has thresholds of its own, else 0.5. INVALID_INPUT where no suggestion of this epoch could reach it.',
  })
  minimumProbability?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Accept at most so many, the most probable first: 1 to 10,000. Default 1000.',
  })
  maximum?: number | null;

  @Field(() => String, { nullable: true, description: 'Who accepts; at most 100 characters.' })
  author?: string | null;

  @Field(() => String, { nullable: true, description: 'Why; at most 2000 characters.' })
  note?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Say what would be accepted and change nothing. Default false.',
  })
  dryRun?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'Any text that is used once, at most 100 characters: the same mutation again accepts nothing more.',
  })
  idempotencyKey?: string | null;
}

@ObjectType({ description: "A run's suggestion for the label of a sample." })
export class LabelSuggestion {
  sampleRow!: number;
  fromLabel!: number;
  toLabel!: number;

  @Field(() => String, { description: 'Its label in the set the run trained on.' })
  from!: string;

  @Field(() => String, { description: 'The class suggested.' })
  to!: string;

  @Field(() => Float, { description: 'What the distribution gives that class, in [0, 1].' })
  probability!: number;
}

@ObjectType({ description: 'What accepting suggestions of a run did, or, as a dry run, would do.' })
export class AcceptedSuggestions {
  suggestions!: LabelSuggestion[];

  @Field(() => Int, { description: 'Suggestions accepted; as a dry run, that would be.' })
  accepted!: number;

  @Field(() => Int, { description: 'Samples of split and filter whose suggestion is another class than their label.' })
  disagreeing!: number;

  @Field(() => Int, { description: 'Of those, left out because a person has decided on the sample already.' })
  decidedAlready!: number;

  @Field(() => Int, { description: 'Of the rest, left out because the suggestion is not probable enough.' })
  tooImprobable!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Of the suggestions nobody has decided on, the highest probability; null without any.',
  })
  highestProbability!: number | null;

  @Field(() => [String], { description: 'Names of rows and columns of `counts`: `Dataset.classes`.' })
  classes!: string[];

  @Field(() => MatrixScalar, {
    description: '`[C][C]`: accepted suggestions by label before (row) and after (column).',
  })
  counts!: number[][];

  @Field(() => String, {
    nullable: true,
    description:
      '`Annotation.batch` of the annotations made: `undoAnnotationBatch` takes them back. Null where none were made.',
  })
  batch!: string | null;
}
