import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { Augmentation, Backbone, FallbackRow, Sampling, TestTimeCrops } from './training-configuration.js';
import { FusedGradient, FusionScale, MiningImages, Preset, Selection, SharpeningAxis } from './protocol.js';
import { WorkerKind } from '../workers/worker-kind.js';

/** What a person may choose; everything left out has a default (see `configureTraining`). */
@InputType({ description: 'What to train, and how. Everything but the data set has a default.' })
export class StartTrainingInput {
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

  @Field(() => Backbone, { nullable: true, description: 'Default RESNET18.' })
  backbone?: Backbone | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Channels of the stem, a multiple of 8. Default 64, as in the paper.',
  })
  width?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Default true, as in the paper.' })
  frozenStem?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Pixels, 32 to 224. Default 48.' })
  imageSize?: number | null;

  @Field(() => Int, { nullable: true, description: 'Default 20.' })
  epochs?: number | null;

  @Field(() => Int, { nullable: true, description: 'Default 32.' })
  batchSize?: number | null;

  @Field(() => Int, { nullable: true, description: 'Default 1.' })
  seed?: number | null;

  @Field(() => Float, { nullable: true, description: 'Default 0.001.' })
  learningRate?: number | null;

  @Field(() => Float, { nullable: true, description: 'Factor after every epoch. Default 0.9.' })
  learningRateDecay?: number | null;

  @Field(() => Float, { nullable: true, description: 't of class-distribution mining, 1/C to 1. Default 0.7.' })
  threshold?: number | null;

  @Field(() => Int, { nullable: true, description: 'Epochs of the ramp. Default 3.' })
  beta?: number | null;

  @Field(() => Float, { nullable: true, description: 'Default 0.2.' })
  minimumFusionWeight?: number | null;

  @Field(() => Float, { nullable: true, description: 'Default 1.' })
  maximumFusionWeight?: number | null;

  @Field(() => Float, { nullable: true, description: 'Default 0.7.' })
  highAttentionShare?: number | null;

  @Field(() => Float, { nullable: true, description: 'Default 0.07.' })
  rankMargin?: number | null;

  @Field(() => Float, { nullable: true, description: 'Default 0.' })
  labelSmoothing?: number | null;

  @Field(() => Float, { nullable: true, description: 'Default 0.' })
  dropout?: number | null;

  @Field(() => FallbackRow, { nullable: true, description: 'Default NORMALISED.' })
  fallback?: FallbackRow | null;

  @Field(() => Float, { nullable: true, description: 'Temperature of sharpening, e.g. 1.2. Default: off.' })
  sharpening?: number | null;

  @Field(() => Sampling, { nullable: true, description: 'Default SHUFFLE.' })
  sampling?: Sampling | null;

  @Field(() => Augmentation, { nullable: true, description: 'Default FLIP.' })
  augmentation?: Augmentation | null;

  @Field(() => Int, { nullable: true, description: 'Of RAND_AUGMENT, 0 to 10. Default 3, as in the paper.' })
  randAugmentOperations?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of RAND_AUGMENT, 0 to 10. Default 5, as in the paper.' })
  randAugmentMagnitude?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of RAND_AUGMENT, 0 to 10. Default 0.5, as in the paper.' })
  randAugmentDeviation?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of RAND_AUGMENT, 0 to 1. Default 0.5, as in the paper.' })
  erasingProbability?: number | null;

  @Field(() => TestTimeCrops, { nullable: true, description: 'Default NONE.' })
  testTimeCrops?: TestTimeCrops | null;

  @Field(() => Preset, { nullable: true, description: 'Sets `fallback` and the next five. Default: as PAPER.' })
  preset?: Preset | null;

  @Field(() => SharpeningAxis, { nullable: true, description: 'Default ROWS.' })
  sharpeningAxis?: SharpeningAxis | null;

  @Field(() => MiningImages, { nullable: true, description: 'Default PLAIN.' })
  miningImages?: MiningImages | null;

  @Field(() => FusionScale, { nullable: true, description: 'Default BATCH.' })
  fusionScale?: FusionScale | null;

  @Field(() => FusedGradient, { nullable: true, description: 'Default FLOWS.' })
  fusedGradient?: FusedGradient | null;

  @Field(() => Selection, { nullable: true, description: 'Default VALIDATION.' })
  selection?: Selection | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Epochs without a better validation accuracy after which the run ends. Default: it does not end early.',
  })
  patience?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Checkpoint whose weights the run begins with (fine-tuning): the same backbone and width. Of a BACKBONE both branches begin as copies of its layers; a classifier of another number of classes begins anew. Default: weights drawn from the seed.',
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
