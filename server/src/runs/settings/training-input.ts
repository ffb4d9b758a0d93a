import { Field, ID, InputType } from 'type-graphql';
import { GivenDistributionInput } from '../fusions/given-distribution.js';
import { WorkerKind } from '../workers/worker-kind.js';
import { Preset } from './protocol.js';
import { Recipe } from './recipe.js';
import { addSettingFields, describeInput } from './setting-fields.js';
import { GivenSettingFields } from './training-settings.js';

/** `initialWeights` of a run that begins with the weights its seed draws although its recipe asks for others. */
export const noInitialWeights = 'NONE';

/** What a person may choose; everything left out has a default (see `configureTraining`). */
@InputType({ description: 'What to train, and how. Everything but the data set has a default.' })
export class StartTrainingInput extends GivenSettingFields {
  @Field(() => ID)
  dataset!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The labels to train on and to be measured by, a set of `Dataset.labelSets`. Samples without a label in it are left out. Default: the given labels.',
  })
  labelSet?: string | null;

  @Field(() => String, { nullable: true, description: 'Default: the data set and the time.' })
  name?: string | null;

  @Field(() => Recipe, {
    nullable: true,
    description: 'Sets everything that the paper says of a training on this data set. Default: no recipe.',
  })
  recipe?: Recipe | null;

  @Field(() => Preset, {
    nullable: true,
    description: 'Sets the switches of group PROTOCOL, see `trainingSettings`. Default: as PAPER.',
  })
  preset?: Preset | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Like `fusion_1`: sets threshold, fallback, sharpening, fusion weights and replaced distributions as they were saved (`saveFusion`). A setting that is given too wins.',
  })
  fusion?: string | null;

  @Field(() => [GivenDistributionInput], {
    nullable: true,
    description: 'Classes whose class distribution is given instead of mined. Default: those of the fusion, or none.',
  })
  replacedDistributions?: GivenDistributionInput[] | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Checkpoint whose weights the run begins with (fine-tuning), or a model (its BACKBONE, BEST or LAST checkpoint, in this order): the same backbone and width. Of a BACKBONE both branches begin as copies of its layers; a classifier of another number of classes begins anew. Default, and "NONE": weights drawn from the seed.',
  })
  initialWeights?: string | null;

  @Field(() => WorkerKind, {
    nullable: true,
    description: 'Which worker shall train it. Default ANY. A run whose worker is not there waits for it.',
  })
  worker?: WorkerKind | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Backend of its worker by name: `tensorflow-gpu`, `webgpu`, `tensorflow`, `native-cpu`, `wasm` or `cpu`. Default: whatever it has. The same numbers come only from the same backend.',
  })
  backend?: string | null;
}
addSettingFields(StartTrainingInput, (setting) => ({ nullable: true, description: describeInput(setting) }));
