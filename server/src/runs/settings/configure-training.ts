import { InvalidInputError } from '../../errors.js';
import { largestSeed } from '../../random.js';
import { Preset, Selection } from './protocol.js';
import { presets } from './presets.js';
import { samplesOfAnEpoch } from './sampling.js';
import type { TrainingConfiguration } from './training-configuration.js';
import { Augmentation, Backbone, Sampling, TestTimeCrops } from './training-configuration.js';
import type { StartTrainingInput } from './training-input.js';

/** The paper's settings for RAF-DB, at a size and length that suit a machine without a GPU. */
export const defaultConfiguration: Readonly<TrainingConfiguration> = {
  backbone: Backbone.RESNET18,
  width: 64,
  frozenStem: true,
  imageSize: 48,
  epochs: 20,
  batchSize: 32,
  seed: 1,
  learningRate: 1e-3,
  learningRateDecay: 0.9,
  threshold: 0.7,
  beta: 3,
  minimumFusionWeight: 0.2,
  maximumFusionWeight: 1,
  highAttentionShare: 0.7,
  rankMargin: 0.07,
  labelSmoothing: 0,
  dropout: 0,
  sharpening: null,
  preset: null,
  ...presets[Preset.PAPER],
  patience: null,
  sampling: Sampling.SHUFFLE,
  augmentation: Augmentation.FLIP,
  randAugmentOperations: 3,
  randAugmentMagnitude: 5,
  randAugmentDeviation: 0.5,
  erasingProbability: 0.5,
  testTimeCrops: TestTimeCrops.NONE,
};

type NumberField = {
  [K in keyof TrainingConfiguration]-?: NonNullable<TrainingConfiguration[K]> extends number ? K : never;
}[keyof TrainingConfiguration];

interface Range {
  from: number;
  to: number;
  whole?: boolean;
  multipleOf?: number;
}

/** Seeds are 32-bit: larger ones would repeat smaller ones. */

export const mostEpochs = 1000;

const ranges: Record<NumberField, Range> = {
  // Kernels work on 8 channels at a time; 512 at the stem would need more memory than a machine has.
  width: { from: 8, to: 256, whole: true, multipleOf: 8 },
  // Below 32 px layer4 has nothing left to see; above 224 px nothing was published.
  imageSize: { from: 32, to: 224, whole: true },
  epochs: { from: 1, to: mostEpochs, whole: true },
  batchSize: { from: 2, to: 512, whole: true },
  seed: { from: 0, to: largestSeed, whole: true },
  learningRate: { from: 1e-8, to: 1 },
  learningRateDecay: { from: 0.01, to: 1 },
  threshold: { from: 0, to: 1 },
  beta: { from: 1, to: 1000, whole: true },
  minimumFusionWeight: { from: 0, to: 1 },
  maximumFusionWeight: { from: 0, to: 1 },
  highAttentionShare: { from: 0.01, to: 0.99 },
  rankMargin: { from: 0, to: 1 },
  labelSmoothing: { from: 0, to: 0.9 },
  dropout: { from: 0, to: 0.9 },
  sharpening: { from: 0.1, to: 10 },
  patience: { from: 1, to: 1000, whole: true },
  randAugmentOperations: { from: 0, to: 10, whole: true },
  randAugmentMagnitude: { from: 0, to: 10 },
  randAugmentDeviation: { from: 0, to: 10 },
  erasingProbability: { from: 0, to: 1 },
};

/**
 * Defaults, overridden by what was given.
 * @param classCounts training samples of each class, `[C]`.
 * @throws InvalidInputError with the path of the first field outside its range.
 */
export function configureTraining(
  input: Partial<StartTrainingInput>,
  classCounts: readonly number[],
): TrainingConfiguration {
  const chosen = Object.fromEntries(
    Object.keys(defaultConfiguration).flatMap((field) => {
      const value = input[field as keyof StartTrainingInput];
      return value === undefined || value === null ? [] : [[field, value]];
    }),
  );
  const configuration = { ...defaultConfiguration, ...(input.preset ? presets[input.preset] : {}), ...chosen };
  for (const [field, range] of Object.entries(ranges)) checkRange(field, configuration[field as NumberField], range);
  checkTogether(configuration, classCounts);
  return configuration;
}

function checkRange(field: string, value: number | null, { from, to, whole, multipleOf }: Range): void {
  if (value === null) return;
  const fits =
    Number.isFinite(value) &&
    value >= from &&
    value <= to &&
    (!whole || Number.isInteger(value)) &&
    (!multipleOf || value % multipleOf === 0);
  if (!fits) {
    const kind = multipleOf ? `a multiple of ${multipleOf}` : whole ? 'a whole number' : 'a number';
    throw new InvalidInputError(`input.${field}`, `${kind} from ${from} to ${to}`, value);
  }
}

function checkTogether(configuration: TrainingConfiguration, classCounts: readonly number[]): void {
  const classes = classCounts.length;
  const { minimumFusionWeight, maximumFusionWeight, threshold, batchSize, highAttentionShare, sampling } =
    configuration;
  if (minimumFusionWeight > maximumFusionWeight) {
    throw new InvalidInputError(
      'input.minimumFusionWeight',
      `at most maximumFusionWeight (${maximumFusionWeight})`,
      minimumFusionWeight,
    );
  }
  if (threshold < 1 / classes)
    throw new InvalidInputError(
      'input.threshold',
      `at least 1/C = ${(1 / classes).toFixed(4)} for ${classes} classes`,
      threshold,
    );
  const epochSamples = samplesOfAnEpoch(classCounts, sampling);
  if (batchSize > epochSamples) {
    const which =
      sampling === Sampling.CLASS_BALANCED
        ? `${epochSamples} samples that a class-balanced epoch draws`
        : `${epochSamples} training samples`;
    throw new InvalidInputError('input.batchSize', `at most the ${which}`, batchSize);
  }
  if (configuration.patience !== null && configuration.selection === Selection.TEST) {
    throw new InvalidInputError(
      'input.patience',
      'none where selection is TEST: a run must not end by what it is measured on',
      configuration.patience,
    );
  }
  const high = Math.floor(batchSize * highAttentionShare);
  if (high < 1 || high >= batchSize) {
    throw new InvalidInputError(
      'input.highAttentionShare',
      `a share that leaves at least one of ${batchSize} samples in each group`,
      highAttentionShare,
    );
  }
}
