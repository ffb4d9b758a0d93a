import { registerEnumType } from 'type-graphql';

/** A whole protocol of the paper, by the data set it is for. */
export enum Recipe {
  RAF_DB = 'RAF_DB',
  AFFECTNET = 'AFFECTNET',
  SFEW = 'SFEW',
}
registerEnumType(Recipe, {
  name: 'Recipe',
  description:
    'Sets everything that the paper says of a training on one of its data sets, at once: preset, sizes, epochs, t, beta, augmentation, sampling, crops. A preset or setting that is given too wins. Each asks for start weights of a face-recognition network (`initialWeights`); `initialWeights: "NONE"` begins with the seed\'s instead.',
  valuesConfig: {
    RAF_DB: { description: '224 px, batch 64, 75 epochs, t 0.7, beta 3, RandAugment.' },
    AFFECTNET: {
      description: '224 px, batch 64, 75 epochs, t 0.5, beta 5, RandAugment, class-balanced epochs (seven classes).',
    },
    SFEW: { description: '224 px, batch 16, 75 epochs, t 0.5, beta 5, RandAugment, ten crops at test time.' },
  },
});

/** What the start weights of every recipe are in the paper. */
export const startWeightsOfRecipes = 'a face-recognition ResNet-18 (the paper: MS-Celeb-1M)';

/** The same in all recipes. */
export const inEveryRecipe = <T>(value: T): Readonly<Record<Recipe, T>> => ({
  RAF_DB: value,
  AFFECTNET: value,
  SFEW: value,
});
