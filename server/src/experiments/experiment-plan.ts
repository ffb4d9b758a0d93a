import { InvalidInputError } from '../errors.js';
import { largestSeed } from '../random.js';
import { Preset } from '../runs/settings/protocol.js';
import { Recipe } from '../runs/settings/recipe.js';
import { problemWith } from '../runs/settings/setting.js';
import type { StartTrainingInput } from '../runs/settings/training-input.js';
import { trainingSettings, type SettingName } from '../runs/settings/training-settings.js';

/** Settings of `StartTrainingInput` by name. */
export type Settings = Readonly<Record<string, unknown>>;

export interface Level {
  name: string;
  settings: Settings;
}

export interface Factor {
  name: string;
  levels: readonly Level[];
}

/** A set of runs: every data set, label set and level of every factor with every other, over the same seeds. */
export interface ExperimentPlan {
  name: string;
  /** Ids. */
  datasets: readonly string[];
  /** Ids of label sets; empty: the given labels of every data set. */
  labelSets: readonly string[];
  /** What all runs have. */
  settings: Settings;
  /** The first level of each is the baseline's. */
  factors: readonly Factor[];
  seeds: readonly number[];
}

/** What runs differ in beside their seed. */
export interface Arm {
  /** Unique: `dataset_1, threshold = 0.7`. */
  name: string;
  /** Of the arms on the same data, the one that others are compared with. */
  baseline: string;
  dataset: string;
  labelSet: string | null;
  /** Names of the levels, in the order of the factors. */
  levels: readonly string[];
  input: Omit<StartTrainingInput, 'seed'>;
}

const mostRuns = 2000;
const longestName = 200;
/** Fields of the input that are no setting and may be given too. */
const others: Readonly<Record<string, readonly string[] | null>> = {
  preset: Object.values(Preset),
  recipe: Object.values(Recipe),
  initialWeights: null,
};

export function armsOf(plan: ExperimentPlan): Arm[] {
  const data = plan.datasets.flatMap((dataset) =>
    (plan.labelSets.length > 0 ? plan.labelSets : [null]).map((labelSet) => ({ dataset, labelSet })),
  );
  const chosen = plan.factors.reduce<Level[][]>(
    (before, { levels }) => before.flatMap((some) => levels.map((level) => [...some, level])),
    [[]],
  );
  return data.flatMap(({ dataset, labelSet }) => {
    const place = [dataset, ...(labelSet === null ? [] : [labelSet])];
    const nameOf = (levels: readonly Level[]): string =>
      [...place, ...plan.factors.map((factor, n) => `${factor.name} = ${levels[n].name}`)].join(', ');
    return chosen.map((levels) => ({
      name: nameOf(levels),
      baseline: nameOf(chosen[0]),
      dataset,
      labelSet,
      levels: levels.map(({ name }) => name),
      input: { ...plan.settings, ...Object.assign({}, ...levels.map((level) => level.settings)), dataset, labelSet },
    }));
  });
}

/** All that is wrong with a plan by itself; what each arm's settings do together, the planner of trainings says. */
export function problemsOfPlan(plan: ExperimentPlan): InvalidInputError[] {
  const problems: InvalidInputError[] = [];
  const add = (path: string, expected: string, found: unknown): void =>
    void problems.push(new InvalidInputError(path, expected, found));
  if (plan.name.trim().length < 1 || plan.name.length > longestName)
    add('name', `1 to ${longestName} characters`, plan.name);
  if (plan.datasets.length === 0) add('datasets', 'at least one data set', plan.datasets);
  if (plan.datasets.length > 1 && plan.labelSets.length > 0)
    add('labelSets', 'none with several data sets, for a label set belongs to one', plan.labelSets);
  twice(plan.datasets).forEach((id) => add('datasets', 'every data set once', id));
  twice(plan.labelSets).forEach((id) => add('labelSets', 'every label set once', id));
  problems.push(...problemsOfSeeds(plan.seeds), ...problemsOfSettings(plan.settings, 'settings'));
  problems.push(...problemsOfFactors(plan));
  const runs = plan.factors.reduce((product, { levels }) => product * levels.length, plan.seeds.length);
  const all = runs * plan.datasets.length * Math.max(1, plan.labelSets.length);
  if (all > mostRuns) add('factors', `at most ${mostRuns} runs`, all);
  return problems;
}

function problemsOfSeeds(seeds: readonly number[]): InvalidInputError[] {
  if (seeds.length === 0) return [new InvalidInputError('seeds', 'at least one seed', seeds)];
  const wrong = seeds.filter((seed) => !Number.isInteger(seed) || seed < 0 || seed > largestSeed);
  return [
    ...wrong.map((seed) => new InvalidInputError('seeds', `whole numbers from 0 to ${largestSeed}`, seed)),
    ...twice(seeds).map((seed) => new InvalidInputError('seeds', 'every seed once', seed)),
  ];
}

function problemsOfFactors({ factors, settings }: ExperimentPlan): InvalidInputError[] {
  const problems: InvalidInputError[] = [];
  const names = factors.map(({ name }) => name);
  twice(names).forEach((name) => problems.push(new InvalidInputError('factors', 'every factor once', name)));
  const setBy = new Map(Object.keys(settings).map((setting) => [setting, 'settings']));
  factors.forEach(({ name, levels }, n) => {
    const path = `factors.${n}`;
    if (name.trim() === '') problems.push(new InvalidInputError(`${path}.name`, 'a name', name));
    if (levels.length < 2) problems.push(new InvalidInputError(`${path}.levels`, 'at least two levels', levels.length));
    twice(levels.map((level) => level.name)).forEach((level) =>
      problems.push(new InvalidInputError(`${path}.levels`, 'every level once', level)),
    );
    levels.forEach((level, l) => problems.push(...problemsOfSettings(level.settings, `${path}.levels.${l}.settings`)));
    const own = new Set(levels.flatMap((level) => Object.keys(level.settings)));
    for (const setting of own) {
      const before = setBy.get(setting);
      if (before !== undefined)
        problems.push(
          new InvalidInputError(path, `a factor that leaves ${setting} to ${before}: the two exclude each other`, name),
        );
      setBy.set(setting, `factor "${name}"`);
    }
  });
  return problems;
}

function problemsOfSettings(settings: Settings, path: string): InvalidInputError[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const at = `${path}.${name}`;
    if (name === 'seed') return [new InvalidInputError(at, 'no seed here: seeds are a list of the experiment', value)];
    if (name in others) {
      const choices = others[name];
      const right = choices ? choices.includes(value as string) : typeof value === 'string';
      return right ? [] : [new InvalidInputError(at, choices ? `one of ${choices.join(', ')}` : 'an id', value)];
    }
    if (!Object.hasOwn(trainingSettings, name))
      return [new InvalidInputError(at, 'the name of a setting (query trainingSettings)', name)];
    const expected = problemWith(trainingSettings[name as SettingName], value);
    return expected === null ? [] : [new InvalidInputError(at, expected, value)];
  });
}

/** What stands more than once. */
function twice<T>(values: readonly T[]): T[] {
  return [...new Set(values.filter((value, place) => values.indexOf(value) !== place))];
}
