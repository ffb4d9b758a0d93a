import { Augmentation, Backbone, Sampling, TestTimeCrops } from './choices.js';
import { inEveryRecipe } from './recipe.js';
import { choice, flag, number, type Setting, SettingGroup, whole } from './setting.js';

const { NETWORK, OPTIMISATION, IMAGES } = SettingGroup;

/** Seeds are 32-bit: larger ones would repeat smaller ones. */
const largestSeed = 2147483647;

export const mostEpochs = 1000;

/** Rows of `trainingSettings` that any classifier has: network, optimisation, images. */
export const networkSettings = {
  backbone: choice<Backbone>({
    group: NETWORK,
    label: 'Backbone',
    sentence: 'Which residual network.',
    default: Backbone.RESNET18,
    values: Backbone,
    algorithm: true,
  }),
  // Kernels work on 8 channels at a time; 512 at the stem would need more memory than a machine has.
  width: whole({
    group: NETWORK,
    label: 'Width',
    unit: 'channels',
    sentence: 'Channels of the stem; 64 in the paper. The layers have 1, 2, 4 and 8 times as many.',
    default: 64,
    from: 8,
    to: 256,
    multipleOf: 8,
    algorithm: true,
  }),
  frozenStem: flag({
    group: NETWORK,
    label: 'Frozen stem',
    sentence:
      'Stem and layer1 keep their weights, as in the paper; their batch norms still move. Of use with pretrained weights only.',
    default: true,
    algorithm: true,
  }),
  dropout: number({
    group: NETWORK,
    label: 'Dropout',
    sentence: 'Rate of the dropout between layer1 and the branches.',
    default: 0,
    from: 0,
    to: 0.9,
    algorithm: true,
  }),
  epochs: whole({
    group: OPTIMISATION,
    label: 'Epochs',
    unit: 'epochs',
    sentence: 'Passes over the training split.',
    default: 20,
    from: 1,
    to: mostEpochs,
    recipes: inEveryRecipe(75),
  }),
  batchSize: whole({
    group: OPTIMISATION,
    label: 'Batch',
    symbol: 'B',
    unit: 'images',
    sentence: 'Images in a step; a last short batch is dropped.',
    default: 32,
    from: 2,
    to: 512,
    recipes: { RAF_DB: 64, AFFECTNET: 64, SFEW: 16 },
  }),
  seed: whole({
    group: OPTIMISATION,
    label: 'Seed',
    sentence: 'Decides initial weights, order and augmentation.',
    default: 1,
    from: 0,
    to: largestSeed,
  }),
  learningRate: number({
    group: OPTIMISATION,
    label: 'Learning rate',
    sentence: "Adam's, in the first epoch.",
    default: 1e-3,
    from: 1e-8,
    to: 1,
    algorithm: true,
  }),
  learningRateDecay: number({
    group: OPTIMISATION,
    label: 'Decay',
    sentence: 'The learning rate is multiplied by this after every epoch.',
    default: 0.9,
    from: 0.01,
    to: 1,
    algorithm: true,
  }),
  labelSmoothing: number({
    group: OPTIMISATION,
    label: 'Label smoothing',
    sentence: 'Share of the given label that the cross entropy spreads over all classes.',
    default: 0,
    from: 0,
    to: 0.9,
    algorithm: true,
  }),
  sampling: choice<Sampling>({
    group: OPTIMISATION,
    label: 'Sampling',
    sentence: 'Which training samples an epoch visits.',
    default: Sampling.SHUFFLE,
    values: Sampling,
    recipes: { AFFECTNET: Sampling.CLASS_BALANCED },
  }),
  patience: whole<number | null>({
    group: OPTIMISATION,
    label: 'Patience',
    unit: 'epochs',
    sentence: 'The run ends when validation accuracy has not risen for this many epochs.',
    default: null,
    off: 'off',
    from: 1,
    to: 1000,
  }),
  // Below 32 px layer4 has nothing left to see; above 224 px nothing was published.
  imageSize: whole({
    group: IMAGES,
    label: 'Image size',
    unit: 'px',
    sentence: 'Side of the square input; 224 in the paper.',
    default: 48,
    from: 32,
    to: 224,
    recipes: inEveryRecipe(224),
  }),
  augmentation: choice<Augmentation>({
    group: IMAGES,
    label: 'Augmentation',
    sentence: 'What happens to training images.',
    default: Augmentation.FLIP,
    values: Augmentation,
    recipes: inEveryRecipe(Augmentation.RAND_AUGMENT),
  }),
  randAugmentOperations: whole({
    group: IMAGES,
    label: 'RandAugment operations',
    sentence:
      'Operations drawn for an image, each done with probability 1/2. Of RAND_AUGMENT only, like the next three.',
    default: 3,
    from: 0,
    to: 10,
  }),
  randAugmentMagnitude: number({
    group: IMAGES,
    label: 'RandAugment magnitude',
    sentence: 'Magnitude of the operations.',
    default: 5,
    from: 0,
    to: 10,
  }),
  randAugmentDeviation: number({
    group: IMAGES,
    label: 'RandAugment deviation',
    sentence: "Standard deviation of an operation's own magnitude.",
    default: 0.5,
    from: 0,
    to: 10,
  }),
  erasingProbability: number({
    group: IMAGES,
    label: 'Random erasing',
    sentence: 'Share of the training images of which a rectangle of 2 to 25 % is erased.',
    default: 0.5,
    from: 0,
    to: 1,
  }),
  testTimeCrops: choice<TestTimeCrops>({
    group: IMAGES,
    label: 'Test-time crops',
    sentence: 'How validation and test images are shown to the network.',
    default: TestTimeCrops.NONE,
    values: TestTimeCrops,
    recipes: { SFEW: TestTimeCrops.TEN_CROP },
  }),
} as const satisfies Record<string, Setting>;
