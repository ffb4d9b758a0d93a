import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { FusedGradient, FusionScale, MiningImages, Preset, Selection, SharpeningAxis } from './protocol.js';

export enum Backbone {
  RESNET18 = 'RESNET18',
  RESNET50 = 'RESNET50',
}
registerEnumType(Backbone, {
  name: 'Backbone',
  description: 'RESNET18: basic blocks, as in the paper. RESNET50: bottleneck blocks.',
});

export enum FallbackRow {
  NORMALISED = 'NORMALISED',
  REFERENCE = 'REFERENCE',
}
registerEnumType(FallbackRow, {
  name: 'FallbackRow',
  description:
    "What a class distribution falls back to when its mined diagonal is below the threshold t. NORMALISED: (1 - t) / (C - 1) off the diagonal. REFERENCE: the authors' 0.4 / (C - 1), whatever t is.",
});

export enum Augmentation {
  NONE = 'NONE',
  FLIP = 'FLIP',
  RAND_AUGMENT = 'RAND_AUGMENT',
}
registerEnumType(Augmentation, {
  name: 'Augmentation',
  description: 'What happens to training images, seeded per sample and epoch.',
  valuesConfig: {
    NONE: { description: 'Nothing.' },
    FLIP: { description: 'Mirrored with probability 1/2.' },
    RAND_AUGMENT: { description: 'As in the paper: RandAugment, mirrored with probability 1/2, random erasing.' },
  },
});

export enum TestTimeCrops {
  NONE = 'NONE',
  TEN_CROP = 'TEN_CROP',
}
registerEnumType(TestTimeCrops, {
  name: 'TestTimeCrops',
  description: 'How validation and test images are shown to the network.',
  valuesConfig: {
    NONE: { description: 'Once, whole.' },
    TEN_CROP: {
      description:
        'Enlarged by 256/224, ten crops of the input size (corners, middle, and mirrored); logits and attentions are averaged. The paper does so on SFEW. Ten times the work.',
    },
  },
});

export enum Sampling {
  SHUFFLE = 'SHUFFLE',
  CLASS_BALANCED = 'CLASS_BALANCED',
}
registerEnumType(Sampling, {
  name: 'Sampling',
  description: 'Which training samples an epoch visits, seeded by run and epoch.',
  valuesConfig: {
    SHUFFLE: { description: 'Every one once, in a new order.' },
    CLASS_BALANCED: {
      description:
        'Of every class as many as the smallest class has, drawn anew each epoch: how the paper trains on AffectNet.',
    },
  },
});

/** Everything that decides a run's numbers, as it was used: kept with the run, never changed afterwards. */
@ObjectType({ description: 'Everything that decides the numbers of a run. Symbols as in the Ada-DF paper.' })
export class TrainingConfiguration {
  @Field(() => Backbone, { description: 'Which residual network.' })
  backbone!: Backbone;

  @Field(() => Int, { description: 'Channels of the stem; 64 in the paper.' })
  width!: number;

  @Field(() => Boolean, {
    description: 'Stem and layer1 keep their weights, as in the paper; their batch norms still move.',
  })
  frozenStem!: boolean;

  @Field(() => Int, { description: 'Side of the square input in pixels.' })
  imageSize!: number;

  @Field(() => Int, { description: 'Passes over the training split.' })
  epochs!: number;

  @Field(() => Int, { description: 'B, images in a step; a last short batch is dropped.' })
  batchSize!: number;

  @Field(() => Int, { description: 'Decides initial weights, order and augmentation.' })
  seed!: number;

  @Field(() => Float, { description: "Adam's, in the first epoch." })
  learningRate!: number;

  @Field(() => Float, { description: 'The learning rate is multiplied by this after every epoch.' })
  learningRateDecay!: number;

  @Field(() => Float, { description: 't: a mined class distribution counts when its own class has at least this.' })
  threshold!: number;

  @Field(() => Int, { description: 'Epochs of the ramp.' })
  beta!: number;

  @Field(() => Float, { description: 'w_min of the fusion weight.' })
  minimumFusionWeight!: number;

  @Field(() => Float, { description: 'w_max of the fusion weight.' })
  maximumFusionWeight!: number;

  @Field(() => Float, { description: 'Share of a batch that is the high-attention group of the rank regularisation.' })
  highAttentionShare!: number;

  @Field(() => Float, { description: 'Margin of the rank regularisation.' })
  rankMargin!: number;

  @Field(() => Float, { description: 'Share of the given label that CE spreads over all classes, in [0, 1).' })
  labelSmoothing!: number;

  @Field(() => Float, { description: 'Between layer1 and the branches.' })
  dropout!: number;

  @Field(() => FallbackRow, { description: 'What a class distribution below the threshold becomes.' })
  fallback!: FallbackRow;

  @Field(() => Float, {
    nullable: true,
    description: 'Temperature T that sharpens mined class distributions, L^(1/T); null: off.',
  })
  sharpening!: number | null;

  @Field(() => Preset, { nullable: true, description: 'What set the next five and `fallback`, where it was given.' })
  preset!: Preset | null;

  @Field(() => SharpeningAxis, { description: 'What sharpened class distributions are divided by.' })
  sharpeningAxis!: SharpeningAxis;

  @Field(() => MiningImages, { description: 'On which images class distributions are mined.' })
  miningImages!: MiningImages;

  @Field(() => FusionScale, { description: 'Over what the attention is stretched to the fusion weight in training.' })
  fusionScale!: FusionScale;

  @Field(() => FusedGradient, { description: 'Whether the divergence also moves the fused distribution.' })
  fusedGradient!: FusedGradient;

  @Field(() => Selection, { description: 'The split that chooses the BEST checkpoint.' })
  selection!: Selection;

  @Field(() => Int, {
    nullable: true,
    description: 'The run ends when validation accuracy has not risen for this many epochs; null: after `epochs`.',
  })
  patience!: number | null;

  @Field(() => Sampling, { description: 'Which training samples an epoch visits.' })
  sampling!: Sampling;

  @Field(() => Augmentation, { description: 'What happens to training images.' })
  augmentation!: Augmentation;

  @Field(() => Int, {
    description:
      'Operations of RandAugment drawn for an image, each done with probability 1/2. Of RAND_AUGMENT only, like the next three.',
  })
  randAugmentOperations!: number;

  @Field(() => Float, { description: 'Magnitude of RandAugment, 0 to 10.' })
  randAugmentMagnitude!: number;

  @Field(() => Float, { description: "Standard deviation of an operation's own magnitude." })
  randAugmentDeviation!: number;

  @Field(() => Float, { description: 'Share of the training images of which a rectangle of 2 to 25 % is erased.' })
  erasingProbability!: number;

  @Field(() => TestTimeCrops, { description: 'How validation and test images are shown to the network.' })
  testTimeCrops!: TestTimeCrops;
}
