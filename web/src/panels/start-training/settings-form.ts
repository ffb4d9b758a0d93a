import type { Preset, Recipe, StartTrainingInput, TrainingFormQuery } from '../../graphql/generated/graphql';

export type FormData = TrainingFormQuery;
export type Setting = TrainingFormQuery['trainingSettings'][number];
/** A number, true or false, the name of a choice, or null where the setting is off. */
export type SettingValue = string | number | boolean | null;

export interface FormState {
  name: string;
  dataset: string;
  labelSet: string;
  recipe: Recipe | null;
  preset: Preset | null;
  worker: string;
  initialWeights: string;
  /** What was typed, by the name of the setting; what is not there is as the recipe, the preset or the default has it. */
  typed: Readonly<Record<string, string>>;
}

export const emptyForm: FormState = {
  name: '',
  dataset: '',
  labelSet: '',
  recipe: null,
  preset: null,
  worker: '',
  initialWeights: '',
  typed: {},
};

/** Ways to begin. A recipe of the server sets all that it lists; the others are what is typed here. */
export const beginnings: readonly {
  key: string;
  label: string;
  hint: string;
  typed: FormState['typed'];
  recipe: Recipe | null;
}[] = [
  {
    key: 'quick',
    label: 'Quick look',
    hint: 'A narrow network, all of it trained, for a few epochs.',
    typed: { width: '16', epochs: '6', frozenStem: 'false' },
    recipe: null,
  },
  { key: 'standard', label: 'Standard', hint: 'Every setting as it is by default.', typed: {}, recipe: null },
  { key: 'RAF_DB', label: 'Paper: RAF-DB', hint: 'All that the paper says of RAF-DB.', typed: {}, recipe: 'RAF_DB' },
  {
    key: 'AFFECTNET',
    label: 'Paper: AffectNet',
    hint: 'All that the paper says of AffectNet.',
    typed: {},
    recipe: 'AFFECTNET',
  },
  { key: 'SFEW', label: 'Paper: SFEW', hint: 'All that the paper says of SFEW.', typed: {}, recipe: 'SFEW' },
];

/** What a setting is where nothing is typed, and who says so. */
export function startValue(setting: Setting, { recipe, preset }: FormState): { value: SettingValue; from: string } {
  const byPreset = preset && setting.presets.find((one) => one.preset === preset);
  if (byPreset) return { value: byPreset.value as SettingValue, from: 'protocol' };
  const byRecipe = recipe && setting.recipes.find((one) => one.recipe === recipe);
  if (byRecipe) return { value: byRecipe.value as SettingValue, from: 'recipe' };
  return { value: setting.default as SettingValue, from: 'default' };
}

/** As it stands in a field; empty for null. */
export function textOf(value: SettingValue): string {
  return value === null || value === undefined ? '' : String(value);
}

/** What is typed means, or why it means nothing. */
function readTyped(setting: Setting, text: string): { value: SettingValue } | { problem: string } {
  const typed = text.trim();
  if (setting.kind === 'FLAG') return { value: typed === 'true' };
  if (setting.kind === 'CHOICE') return { value: typed === '' ? null : typed };
  if (typed === '') return setting.off === null ? { problem: 'expected a number' } : { value: null };
  if (setting.kind === 'WHOLE_NUMBER' && !/^-?\d{1,15}$/.test(typed)) return { problem: 'expected a whole number' };
  return Number.isFinite(Number(typed)) ? { value: Number(typed) } : { problem: 'expected a number' };
}

export type Problems = Readonly<Record<string, string>>;

/** The mutation's input, and what is typed that means nothing: all of it at once. */
export function inputOf(
  form: FormState,
  settings: readonly Setting[],
): { input: StartTrainingInput; problems: Problems } {
  const input: Record<string, unknown> = { dataset: form.dataset };
  const problems: Record<string, string> = {};
  for (const setting of settings) {
    const text = form.typed[setting.name];
    if (text === undefined) continue;
    const read = readTyped(setting, text);
    if ('problem' in read) problems[setting.name] = read.problem;
    else input[setting.name] = read.value;
  }
  const more = { recipe: form.recipe, preset: form.preset };
  const texts = {
    name: form.name.trim(),
    labelSet: form.labelSet,
    initialWeights: form.initialWeights,
    worker: form.worker,
  };
  for (const [name, value] of Object.entries({ ...more, ...texts })) if (value) input[name] = value;
  return { input: input as unknown as StartTrainingInput, problems };
}

/** What has to be typed so that every setting is as in a configuration. */
export function typedOf(
  configuration: Readonly<Record<string, unknown>>,
  settings: readonly Setting[],
): FormState['typed'] {
  return Object.fromEntries(
    settings.flatMap((setting) => {
      const value = (configuration[setting.name] ?? null) as SettingValue;
      return value === (setting.default ?? null) ? [] : [[setting.name, textOf(value)]];
    }),
  );
}

/** "1 to 1000 epochs", "8 to 256, a multiple of 8, channels"; empty for what is no number. */
export function rangeOf({ kind, minimum, maximum, multipleOf, unit }: Setting): string {
  if (kind !== 'NUMBER' && kind !== 'WHOLE_NUMBER') return '';
  const range = minimum !== null && maximum !== null ? `${minimum} to ${maximum}` : '';
  return [range, multipleOf !== null && multipleOf !== 1 && `a multiple of ${multipleOf}`, unit]
    .filter(Boolean)
    .join(', ');
}
