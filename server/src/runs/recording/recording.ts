import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum Capture {
  EVALUATION_PASS = 'EVALUATION_PASS',
  TRAINING_PASS = 'TRAINING_PASS',
}
registerEnumType(Capture, {
  name: 'Capture',
  description: 'When a recorded run took down what its model said. Dynamics of the two are not the same thing.',
  valuesConfig: {
    EVALUATION_PASS: {
      description: 'In a pass of its own after the epoch: weights that rest, images as they are, as our own runs do.',
    },
    TRAINING_PASS: {
      description: 'While it trained: weights that move, augmented images, dropout; as cartography and DivideMix do.',
    },
  },
});

@ObjectType({ description: 'Between which shares a recorded run stretched its attention w to the fusion weight v.' })
export class RecordedFusion {
  @Field(() => Float, { description: 'v of the lowest w over the split.' })
  minimum!: number;

  @Field(() => Float, { description: 'v of the highest w over the split.' })
  maximum!: number;
}

/** What is known of a run that was trained elsewhere. */
@ObjectType({ description: 'What whoever recorded a run said of it. Null: not said.' })
export class Recording {
  @Field(() => Capture, { description: 'When its outputs were taken down: what its dynamics rest on.' })
  capture!: Capture;

  @Field(() => String, { nullable: true, description: 'How it was trained, e.g. `Ada-DF` or `cross-entropy`.' })
  method!: string | null;

  @Field(() => String, { nullable: true, description: 'E.g. `PyTorch 2.4`.' })
  framework!: string | null;

  @Field(() => String, { nullable: true, description: 'The code, e.g. a repository and commit.' })
  code!: string | null;

  @Field(() => String, { nullable: true, description: 'Where it ran.' })
  device!: string | null;

  @Field(() => String, { nullable: true, description: 'As text: seeds of other frameworks may have 64 bits.' })
  seed!: string | null;

  @Field(() => GraphQLJSONObject, { description: 'Its settings, of any names; `{}` without any.' })
  configuration!: Record<string, unknown>;

  @Field(() => String, { nullable: true, description: 'For people.' })
  notes!: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Its classes in the order of its logits, where that is not the order of `Dataset.classes`.',
  })
  classes!: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Epochs it is to have in all.' })
  epochs!: number | null;

  @Field(() => RecordedFusion, {
    nullable: true,
    description: 'Without it there are no fused distributions: they are never guessed.',
  })
  fusion!: RecordedFusion | null;
}
