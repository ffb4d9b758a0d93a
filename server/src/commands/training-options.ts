import { InvalidArgumentError, Option } from 'commander';
import { Preset } from '../runs/settings/protocol.js';
import { Recipe } from '../runs/settings/recipe.js';
import { printValue, type Setting, SettingKind } from '../runs/settings/setting.js';
import { noInitialWeights } from '../runs/settings/training-input.js';
import type { TrainingPlan } from '../runs/settings/training-plan.js';
import { settingRows } from '../runs/settings/training-settings.js';
import { WorkerKind } from '../runs/workers/worker-kind.js';

/** Options of `adadf train`: one a row of `trainingSettings`, and what is no setting. */
export function trainingOptions(): Option[] {
  return [
    new Option('--name <name>', 'name of the run and its model'),
    new Option('--label-set <name or id>', 'labels to train on (default given)'),
    new Option('--recipe <choice>', 'everything that the paper says of a training on one of its data sets')
      .choices(Object.values(Recipe).map(dashed))
      .argParser((text) => oneOf(Recipe, text)),
    new Option('--preset <choice>', 'switches in which paper, code and good practice differ (default PAPER)')
      .choices(Object.values(Preset))
      .argParser((text) => oneOf(Preset, text)),
    new Option(
      '--initial-weights <id>',
      'checkpoint or model to begin with; none: weights drawn from the seed',
    ).argParser((text) => (text.toUpperCase() === noInitialWeights ? noInitialWeights : text)),
    ...settingRows.map(([name, setting]) => settingOption(name, setting)),
    new Option('--worker <choice>', 'which worker shall train it (default ANY)').choices(Object.values(WorkerKind)),
    new Option('--backend <name>', 'backend of its worker by name'),
    new Option('--dry-run', 'say what it would do and how long it would take; start nothing'),
  ];
}

function settingOption(name: string, setting: Setting): Option {
  const flag = dashed(name.replace(/[A-Z]/g, (letter) => `_${letter}`));
  const sentence = setting.sentence.replace(/\.$/, '');
  const what = `${sentence[0].toLowerCase()}${sentence.slice(1)} (default ${printValue(setting, setting.default)})`;
  if (setting.kind === SettingKind.FLAG) return new Option(setting.default ? `--no-${flag}` : `--${flag}`, what);
  const option = new Option(`--${flag} <${setting.kind === SettingKind.CHOICE ? 'choice' : 'number'}>`, what);
  return setting.kind === SettingKind.CHOICE
    ? option.choices(Object.values(setting.values)).argParser((text) => oneOf(setting.values, text))
    : option.argParser(parseNumber);
}

/** "RAF_DB" and "learning_Rate" as flags and words are written: "raf-db", "learning-rate". */
function dashed(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** A member of an enum, however it is written: "raf-db", "RAF_DB". */
function oneOf<T extends string>(values: Readonly<Record<string, T>>, text: string): T {
  const found = Object.values(values).find((value) => dashed(value) === dashed(text));
  if (!found)
    throw new InvalidArgumentError(`expected one of ${Object.values(values).map(dashed).join(', ')}, found "${text}"`);
  return found;
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError(`expected a number, found "${text}"`);
  return value;
}

/** What a training would do, for a terminal: settings that are not the defaults, warnings, problems, time. */
export function printPlan({ configuration, problems, warnings, estimate, ...plan }: TrainingPlan): string {
  const chosen = settingRows.flatMap(([name, setting]) => {
    const value = configuration[name];
    return value === setting.default ? [] : [`  ${setting.label}: ${printValue(setting, value)}`];
  });
  const base = [configuration.recipe && `recipe ${configuration.recipe}`, configuration.preset];
  const lines = [
    `${plan.trainingSamples} training samples, ${plan.stepsPerEpoch} ${plan.stepsPerEpoch === 1 ? 'step' : 'steps'} an epoch, ${configuration.epochs} epochs.`,
    `Settings: ${[...base.filter(Boolean), 'defaults'].join(', ')}${chosen.length > 0 ? ', and:' : '.'}`,
    ...chosen,
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...problems.map(({ message }) => `Wrong: ${message}`),
    ...(estimate
      ? [
          `About ${printDuration(estimate.seconds)} at ${estimate.imagesPerSecond.toFixed(0)} images/s (${estimate.measured ? 'measured' : 'scaled from'} ${estimate.basis}).`,
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function printDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
