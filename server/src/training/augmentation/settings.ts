import { Augmentation } from '../../runs/settings/choices.js';
import { type TrainingConfiguration } from '../../runs/settings/training-configuration.js';
import type { AugmentationSettings } from './augment-batch.js';
import { erasedArea } from './random-erasing.js';

/** What a run's configuration does to its training images. */
export function augmentationSettings(configuration: TrainingConfiguration): AugmentationSettings {
  const {
    augmentation,
    randAugmentOperations: operations,
    randAugmentMagnitude: magnitude,
    randAugmentDeviation: deviation,
    erasingProbability: probability,
  } = configuration;
  const all = augmentation === Augmentation.RAND_AUGMENT;
  return {
    randAugment: all && operations > 0 ? { operations, magnitude, deviation } : null,
    flip: augmentation !== Augmentation.NONE,
    erasing: all && probability > 0 ? { probability, area: erasedArea } : null,
  };
}
