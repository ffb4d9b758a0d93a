import { InvalidInputError, inputError } from '../../errors.js';
import { Preset, Selection } from './protocol.js';
import { Sampling } from './choices.js';
import { samplesOfAnEpoch } from './sampling.js';
import { problemWith } from './setting.js';
import type { TrainingConfiguration } from './training-configuration.js';
import type { StartTrainingInput } from './training-input.js';
import { settingRows, type SettingValues, valuesWhere } from './training-settings.js';

export const defaultConfiguration: Readonly<TrainingConfiguration> = {
  ...(valuesWhere((setting) => setting.default) as SettingValues),
  preset: null,
  recipe: null,
};

/** The values that a preset sets. */
function presetValues(preset: Preset): Partial<SettingValues> {
  return valuesWhere((setting) => setting.presets?.[preset]);
}

/**
 * Defaults, overridden by what the recipe sets, then by the preset, then by what was given.
 * @param classCounts training samples of each class, `[C]`.
 * @throws InvalidInputError with the path of every field that is wrong.
 */
export function configureTraining(
  input: Partial<StartTrainingInput>,
  classCounts: readonly number[],
): TrainingConfiguration {
  const configuration = chooseSettings(input);
  const problems = problemsOf(configuration, classCounts);
  if (problems.length > 0) throw inputError(problems);
  return configuration;
}

/** As `configureTraining`, unchecked. */
export function chooseSettings(input: Partial<StartTrainingInput>): TrainingConfiguration {
  const recipe = input.recipe ?? null;
  const preset = input.preset ?? (recipe ? Preset.PAPER : null);
  return {
    ...defaultConfiguration,
    ...(recipe ? valuesWhere((setting) => setting.recipes?.[recipe]) : {}),
    ...(preset ? presetValues(preset) : {}),
    ...Object.fromEntries(
      settingRows.flatMap(([name]) => {
        const value = input[name];
        return value === undefined || value === null ? [] : [[name, value]];
      }),
    ),
    preset,
    recipe,
  };
}

/** Every field that is wrong by itself, and, where none is, what does not go together. Empty: it can be trained. */
export function problemsOf(configuration: TrainingConfiguration, classCounts: readonly number[]): InvalidInputError[] {
  const single = settingRows.flatMap(([name, setting]) => {
    const expected = problemWith(setting, configuration[name]);
    return expected === null ? [] : [new InvalidInputError(`input.${name}`, expected, configuration[name])];
  });
  const wrong = new Set(single.map(({ details }) => details['path']));
  const together = problemsTogether(configuration, classCounts).filter(({ details }) => !wrong.has(details['path']));
  return [...single, ...together];
}

function problemsTogether(configuration: TrainingConfiguration, classCounts: readonly number[]): InvalidInputError[] {
  const classes = classCounts.length;
  const { minimumFusionWeight, maximumFusionWeight, threshold, batchSize, highAttentionShare, sampling } =
    configuration;
  const problems: InvalidInputError[] = [];
  const check = (right: boolean, path: keyof SettingValues, expected: () => string): void => {
    if (!right) problems.push(new InvalidInputError(`input.${path}`, expected(), configuration[path]));
  };
  check(
    minimumFusionWeight <= maximumFusionWeight,
    'minimumFusionWeight',
    () => `at most maximumFusionWeight (${maximumFusionWeight})`,
  );
  check(
    threshold >= 1 / classes,
    'threshold',
    () => `at least 1/C = ${(1 / classes).toFixed(4)} for ${classes} classes`,
  );
  const epochSamples = samplesOfAnEpoch(classCounts, sampling);
  check(
    batchSize <= epochSamples,
    'batchSize',
    () =>
      `at most the ${epochSamples} ${
        sampling === Sampling.CLASS_BALANCED ? 'samples that a class-balanced epoch draws' : 'training samples'
      }`,
  );
  check(
    configuration.patience === null || configuration.selection !== Selection.TEST,
    'patience',
    () => 'none where selection is TEST: a run must not end by what it is measured on',
  );
  const high = Math.floor(batchSize * highAttentionShare);
  check(
    high >= 1 && high < batchSize,
    'highAttentionShare',
    () => `a share that leaves at least one of ${batchSize} samples in each group`,
  );
  return problems;
}
