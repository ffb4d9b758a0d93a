import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WeightsContents } from './weights-contents.js';
import { WeightsFormat } from './weights-kinds.js';

export { ModelKind, WeightsFormat } from './weights-kinds.js';

export enum ModelOrigin {
  TRAINED = 'TRAINED',
  IMPORTED = 'IMPORTED',
}
registerEnumType(ModelOrigin, {
  name: 'ModelOrigin',
  description: 'TRAINED: by a run of this platform. IMPORTED: from a file.',
});

/** What an imported file said of itself. */
@ObjectType({ description: 'The file that a model was imported from, and what it said of itself.' })
export class ModelSource {
  @Field(() => String, { description: 'Its name, without its directory.' })
  fileName!: string;

  @Field(() => String, { description: 'SHA-256 of the file, hexadecimal.' })
  sha256!: string;

  @Field(() => Float, { description: 'Its size in bytes.' })
  bytes!: number;

  @Field(() => WeightsFormat, { description: 'Told by its first bytes.' })
  format!: WeightsFormat;

  @Field(() => String, {
    description:
      'Whose names its tensors had: `authors` (the Ada-DF code), `ada-df` (this platform), `torchvision` (ResNet), `ada-df backbone`.',
  })
  naming!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The epoch it names; the authors' code writes the number of the epoch after.",
  })
  epoch!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The accuracy it names, in per cent, as it stands in the file: on whatever its maker tested.',
  })
  accuracy!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The best accuracy it names, in per cent, as it stands in the file.',
  })
  bestAccuracy!: number | null;

  @Field(() => Int, {
    description: 'Tensors of the file that were of no use: counters of batch norms, heads beside a backbone.',
  })
  ignoredTensors!: number;

  @Field(() => WeightsContents, {
    nullable: true,
    description: 'What was found in it and what of it was taken; null of models imported before this was kept.',
  })
  contents?: WeightsContents | null;
}
