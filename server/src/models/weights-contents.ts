import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { ReadWeights } from './checkpoints/weights/read-weights.js';
import { ModelKind, WeightsFormat } from './weights-kinds.js';

@ObjectType({ description: 'How names of tensors in a file begin, and how they begin on this platform.' })
export class NameMapping {
  @Field(() => String, {
    description: 'In the file, like `module.features.4`; empty where nothing stands before ours.',
  })
  file!: string;

  @Field(() => String, { description: 'Here, like `layer1`; empty where the rest of the name is the same.' })
  here!: string;
}

@ObjectType({ description: 'A piece of a file that is no part of the network: the head of another task, an encoder.' })
export class LeftOutPiece {
  @Field(() => String, { description: 'How its names begin in the file.' })
  name!: string;

  @Field(() => Int, { description: 'Its tensors.' })
  tensors!: number;

  @Field(() => Float, { description: 'Numbers in all of them.' })
  numbers!: number;

  @Field(() => [Int], { description: 'Of its largest tensor.' })
  shape!: number[];
}

@ObjectType({ description: 'What was found in a file of weights, and what of it was taken.' })
export class WeightsContents {
  @Field(() => String, {
    description: 'Where the network lies in the file, like `state_dict`; `all` where it is the whole file.',
  })
  part!: string;

  @Field(() => [String], {
    description: 'Other networks of the file by the same kind of label, like `state_dict_ema`: give one as `part`.',
  })
  otherParts!: string[];

  @Field(() => String, { nullable: true, description: 'Class of the pickled module whose weights were read, if any.' })
  moduleClass!: string | null;

  @Field(() => [NameMapping], { description: 'How its names became those of this platform; empty where they are.' })
  mapping!: NameMapping[];

  @Field(() => [LeftOutPiece], { description: 'Tensors beside the network, largest first, at most 100 pieces.' })
  leftOut!: LeftOutPiece[];

  @Field(() => [String], {
    description: 'Classes of objects that the file asks for, like `__main__.RecorderMeter`. None was made or run.',
  })
  objects!: string[];
}

@ObjectType({ description: 'A file of weights as `importModel` would take it.' })
export class InspectedWeights {
  @Field(() => ModelKind, { description: 'Whether it is a whole network or a backbone.' })
  kind!: ModelKind;

  @Field(() => String, { description: '`resnet18` or `resnet50`.' })
  backbone!: string;

  @Field(() => Int, { description: 'Channels of the stem: 64 as published.' })
  width!: number;

  @Field(() => Int, { nullable: true, description: 'Classes of a whole network; null of a backbone.' })
  classes!: number | null;

  @Field(() => Int, { description: 'Tensors of the network.' })
  tensors!: number;

  @Field(() => Float, { description: 'Numbers in them.' })
  numbers!: number;

  @Field(() => WeightsFormat, { description: 'Told by its first bytes.' })
  format!: WeightsFormat;

  @Field(() => String, { description: 'Whose names its tensors have, as in `ModelSource`.' })
  naming!: string;

  @Field(() => Int, { nullable: true, description: 'The epoch it names.' })
  epoch!: number | null;

  @Field(() => Float, { nullable: true, description: 'The accuracy it names, as it stands in the file.' })
  accuracy!: number | null;

  @Field(() => Float, { nullable: true, description: 'The best accuracy it names, as it stands in the file.' })
  bestAccuracy!: number | null;

  @Field(() => WeightsContents, { description: 'Where it was found and what is beside it.' })
  contents!: WeightsContents;
}

/** The part of `ReadWeights` that says what was found. */
export function contentsOf(weights: Omit<ReadWeights, 'tensors'>): WeightsContents {
  const { part, otherParts, moduleClass, mapping, leftOut, objects } = weights;
  return { part, otherParts, moduleClass, mapping, leftOut, objects };
}
