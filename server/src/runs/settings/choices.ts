import { registerEnumType } from 'type-graphql';

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
