import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { Capture } from './recording.js';

@InputType({ description: 'Between which shares attention w was stretched to the fusion weight v.' })
export class RecordedFusionInput {
  @Field(() => Float, { description: 'v of the lowest w over the split, in [0, 1].' })
  minimum!: number;

  @Field(() => Float, { description: 'v of the highest w over the split, in [0, 1].' })
  maximum!: number;
}

@InputType({ description: 'A run that is trained elsewhere, and of which outputs will be sent.' })
export class RecordRunInput {
  @Field(() => String, { description: 'Id or name of the data set whose samples it saw.' })
  dataset!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The labels that it was trained and is to be measured with. Default: the given ones.',
  })
  labelSet?: string | null;

  @Field(() => String, { nullable: true, description: 'Default: the data set and the time.' })
  name?: string | null;

  @Field(() => Capture, { description: 'When its outputs are taken down: what its dynamics rest on.' })
  capture!: Capture;

  @Field(() => [String], {
    nullable: true,
    description:
      'Its classes in the order of its logits: the names of `Dataset.classes`. Default: that order. A folder loader may sort them otherwise.',
  })
  classes?: string[] | null;

  @Field(() => String, { nullable: true, description: 'How it is trained, e.g. `Ada-DF` or `cross-entropy`.' })
  method?: string | null;

  @Field(() => String, { nullable: true, description: 'E.g. `PyTorch 2.4`.' })
  framework?: string | null;

  @Field(() => String, { nullable: true, description: 'The code, e.g. a repository and commit.' })
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'Where it runs.' })
  device?: string | null;

  @Field(() => String, { nullable: true, description: 'As text: seeds of other frameworks may have 64 bits.' })
  seed?: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Its settings, of any names. Runs are searched and compared by them.',
  })
  configuration?: Record<string, unknown> | null;

  @Field(() => String, { nullable: true, description: 'For people.' })
  notes?: string | null;

  @Field(() => Int, { nullable: true, description: 'Epochs it is to have in all; for the progress of the page.' })
  epochs?: number | null;

  @Field(() => RecordedFusionInput, {
    nullable: true,
    description: 'Of an Ada-DF run: without it there are no fused distributions, for they are never guessed.',
  })
  fusion?: RecordedFusionInput | null;
}
