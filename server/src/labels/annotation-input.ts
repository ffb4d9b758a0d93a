import { Field, Float, ID, InputType } from 'type-graphql';
import { AnnotationAction } from './annotation.entity.js';

@InputType({ description: 'A decision on one sample.' })
export class LabelChangeInput {
  @Field(() => ID, { description: 'Like `sample_12`.' })
  sample!: string;

  @Field(() => AnnotationAction, { nullable: true, description: 'Default RELABEL.' })
  action?: AnnotationAction | null;

  @Field(() => String, {
    nullable: true,
    description: 'RELABEL: a name of `Dataset.classes`. Either this or `distribution`.',
  })
  label?: string | null;

  @Field(() => [Float], {
    nullable: true,
    description: 'RELABEL: a soft label, `[C]` in the order of `Dataset.classes`, each at least 0, summing to 1.',
  })
  distribution?: number[] | null;
}

@InputType({ description: 'What all decisions of one mutation share.' })
export abstract class AnnotationDetails {
  @Field(() => ID, { nullable: true, description: 'The label set that was looked at. Default: the given labels.' })
  labelSet?: string | null;

  @Field(() => String, { nullable: true, description: 'Who decides; at most 100 characters.' })
  author?: string | null;

  @Field(() => String, { nullable: true, description: 'Why; at most 2000 characters.' })
  note?: string | null;
}

@InputType({ description: 'A decision on one sample, and who makes it.' })
export class RelabelSampleInput extends AnnotationDetails {
  @Field(() => ID, { description: 'Like `sample_12`.' })
  sample!: string;

  @Field(() => AnnotationAction, { nullable: true, description: 'Default RELABEL.' })
  action?: AnnotationAction | null;

  @Field(() => String, {
    nullable: true,
    description: 'RELABEL: a name of `Dataset.classes`. Either this or `distribution`.',
  })
  label?: string | null;

  @Field(() => [Float], {
    nullable: true,
    description: 'RELABEL: a soft label, `[C]` in the order of `Dataset.classes`, each at least 0, summing to 1.',
  })
  distribution?: number[] | null;
}

@InputType({ description: 'Decisions on many samples of one data set: all of them, or none.' })
export class RelabelSamplesInput extends AnnotationDetails {
  @Field(() => [LabelChangeInput], { description: 'At most 10,000; each sample once.' })
  changes!: LabelChangeInput[];

  @Field(() => String, {
    nullable: true,
    description:
      'Any text that is used once, at most 100 characters. The same mutation again with the same key changes nothing and gives the same annotations.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'A label set made of another one and the annotations of its data set.' })
export class MakeLabelSetInput {
  @Field(() => ID, { description: 'Like `dataset_1`.' })
  dataset!: string;

  @Field(() => ID, { nullable: true, description: 'The set to correct. Default: the given labels.' })
  base?: string | null;

  @Field(() => String, { description: 'Unique within the data set, at most 100 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Default: says how many labels were corrected.' })
  description?: string | null;
}

@InputType({ description: 'A published list of labels.' })
export class ImportLabelListInput {
  @Field(() => ID, { description: 'Like `dataset_1`.' })
  dataset!: string;

  @Field(() => String, { description: 'Unique within the data set, at most 100 characters.' })
  name!: string;

  @Field(() => String, {
    description:
      "The list itself: lines of a sample's key and its label, `train_00001.jpg 5`. Labels are classes, or RAF-DB's codes 1 to 7.",
  })
  list!: string;

  @Field(() => String, { nullable: true, description: 'What the list is called, e.g. the name of its file.' })
  source?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Labels of samples that the list does not name. Default: the given ones.',
  })
  base?: string | null;
}
