import { defaultConfiguration } from './configure-training.js';
import type { TrainingConfiguration } from './training-configuration.js';

/** Settings that a name says, where they are not as usual, the more telling first, and how. */
const told: readonly (readonly [keyof TrainingConfiguration, (value: unknown) => string])[] = [
  ['preset', (value) => String(value).toLowerCase().replaceAll('_', ' ')],
  ['backbone', (value) => String(value).toLowerCase()],
  ['width', (value) => `width ${value}`],
  ['imageSize', (value) => `${value} px`],
  ['epochs', (value) => `${value} epochs`],
  ['learningRate', (value) => `lr ${value}`],
  ['batchSize', (value) => `batch ${value}`],
  ['augmentation', (value) => String(value).toLowerCase().replaceAll('_', ' ')],
  ['sampling', (value) => String(value).toLowerCase().replaceAll('_', ' ')],
  ['threshold', (value) => `t ${value}`],
  ['beta', (value) => `beta ${value}`],
];
const most = 4;
const longest = 100;

/**
 * A name by which a run is told from others: its data set, its labels where they are not the given ones, up to four
 * settings that are not the usual ones, the seed, and the minute.
 */
export function nameRun(dataset: string, labelSet: string, configuration: TrainingConfiguration, now: Date): string {
  const differs = told
    .filter(([name]) => (configuration[name] ?? null) !== (defaultConfiguration[name] ?? null))
    .slice(0, most)
    .map(([name, words]) => words(configuration[name]));
  const labels = labelSet === 'given' ? [] : [`on ${labelSet}`];
  const time = now.toISOString().slice(5, 16).replace('T', ' ');
  const rest = [...labels, ...differs, `seed ${configuration.seed}`, time].join(', ');
  const room = Math.max(10, longest - rest.length - 2);
  return `${dataset.length > room ? `${dataset.slice(0, room - 1)}…` : dataset}, ${rest}`;
}
