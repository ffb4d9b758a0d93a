import { methodSettings } from './method-settings.js';
import { networkSettings } from './network-settings.js';
import type { Setting, ValueOf } from './setting.js';

/**
 * Every setting of a training, once: `StartTrainingInput`, `TrainingConfiguration`, presets, recipes, validation, the
 * command line, the form and docs/training-settings.md follow from a row. The defaults are the paper's settings for
 * RAF-DB, at a size and length that suit a machine without a GPU.
 */
export const trainingSettings = { ...networkSettings, ...methodSettings };

export type SettingName = keyof typeof trainingSettings;

/** A value of every setting. */
export type SettingValues = { -readonly [Name in SettingName]: ValueOf<(typeof trainingSettings)[Name]> };

/** Names and rows, in the order of the table. */
export const settingRows = Object.entries(trainingSettings) as readonly (readonly [SettingName, Setting])[];

/** The values of `pick` where it has one: defaults, a preset's, a recipe's. */
export function valuesWhere(pick: (setting: Setting) => unknown): Partial<SettingValues> {
  return Object.fromEntries(
    settingRows.flatMap(([name, setting]) => {
      const value = pick(setting);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** A value of every setting, or none: what an input may give. */
export type GivenSettings = { [Name in SettingName]?: SettingValues[Name] | null };

/** A base class for the type alone: `addSettingFields` gives the class its fields, and who makes one fills them. */
export const SettingFields = class {} as unknown as abstract new () => SettingValues;

/** The same for an input. */
export const GivenSettingFields = class {} as abstract new () => GivenSettings;
