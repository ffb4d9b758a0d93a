import { describe, expect, test } from 'vitest';
import { armsOf, type ExperimentPlan, problemsOfPlan } from '../../../server/src/experiments/experiment-plan.js';
import { readyMadeFactors } from '../../../server/src/experiments/ready-made.js';

const plan = (change: Partial<ExperimentPlan> = {}): ExperimentPlan => ({
  name: 'which threshold',
  datasets: ['dataset_1'],
  labelSets: [],
  settings: { epochs: 2 },
  factors: [
    {
      name: 't',
      levels: [
        { name: 'low', settings: { threshold: 0.5 } },
        { name: 'high', settings: { threshold: 0.8 } },
      ],
    },
  ],
  seeds: [1, 2, 3],
  ...change,
});
const messages = (change: Partial<ExperimentPlan>): string[] =>
  problemsOfPlan(plan(change)).map(({ message }) => message);

describe('the arms of a plan', () => {
  test('are all levels of all factors on all data, the first of each data set the baseline', () => {
    const arms = armsOf(plan({ datasets: ['dataset_1', 'dataset_2'] }));
    expect(arms.map(({ name }) => name)).toEqual([
      'dataset_1, t = low',
      'dataset_1, t = high',
      'dataset_2, t = low',
      'dataset_2, t = high',
    ]);
    expect(arms.map(({ baseline }) => baseline)).toEqual([
      'dataset_1, t = low',
      'dataset_1, t = low',
      'dataset_2, t = low',
      'dataset_2, t = low',
    ]);
    expect(arms[3].input).toEqual({ epochs: 2, threshold: 0.8, dataset: 'dataset_2', labelSet: null });
  });

  test('of two factors cross; without one there is one arm', () => {
    const [factor] = plan().factors;
    expect(armsOf(plan({ factors: [factor, readyMadeFactors.BETA] }))).toHaveLength(8);
    expect(armsOf(plan({ factors: [] })).map(({ name }) => name)).toEqual(['dataset_1']);
  });

  test.each(Object.entries(readyMadeFactors))('%s is a factor that can be run', (_, factor) => {
    expect(problemsOfPlan(plan({ factors: [factor] }))).toEqual([]);
  });
});

describe('a plan that cannot be run', () => {
  test('is told all of its problems at once', () => {
    const found = messages({
      name: ' ',
      seeds: [1, 1, -2],
      settings: { epochz: 3, seed: 4, threshold: 7 },
      factors: [{ name: 'one', levels: [{ name: 'only', settings: { preset: 'MINE' } }] }],
    });
    expect(found).toEqual([
      'name: expected 1 to 200 characters, found " ".',
      'seeds: expected whole numbers from 0 to 2147483647, found -2.',
      'seeds: expected every seed once, found 1.',
      'settings.epochz: expected the name of a setting (query trainingSettings), found "epochz".',
      'settings.seed: expected no seed here: seeds are a list of the experiment, found 4.',
      'settings.threshold: expected a number from 0 to 1, found 7.',
      'factors.0.levels: expected at least two levels, found 1.',
      'factors.0.levels.0.settings.preset: expected one of PAPER, OFFICIAL_CODE, CORRECTED, found "MINE".',
    ]);
  });

  test('has two factors that set the same, or a factor that sets what all runs have', () => {
    const [factor] = plan().factors;
    expect(messages({ factors: [factor, readyMadeFactors.THRESHOLD] })).toEqual([
      'factors.1: expected a factor that leaves threshold to factor "t": the two exclude each other, found "threshold".',
    ]);
    expect(messages({ settings: { threshold: 0.6 } })[0]).toContain('leaves threshold to settings');
  });

  test('has too many runs, no data, or label sets of several data sets', () => {
    expect(messages({ seeds: Array.from({ length: 1001 }, (_, n) => n) })[0]).toContain(
      'at most 2000 runs, found 2002',
    );
    expect(messages({ datasets: [] })[0]).toContain('at least one data set');
    expect(messages({ datasets: ['dataset_1', 'dataset_2'], labelSets: ['labelset_1'] })[0]).toContain(
      'belongs to one',
    );
  });
});
