import { expect, test } from 'vitest';
import { joinSteps, withStep, type Progress, type Step } from '../../../web/src/panels/run-steps/steps.js';

const progress = (epoch: number, step: number, more: Partial<Progress> = {}): Progress => ({
  phase: 'TRAINING',
  epoch,
  step,
  steps: 10,
  loss: 1,
  crossEntropy: 0.5,
  kullbackLeibler: 0.4,
  rankRegularization: 0.1,
  ...more,
});
const heard = (events: readonly [string, Progress | null][]): readonly Step[] =>
  events.reduce<readonly Step[]>((steps, [cursor, one]) => withStep(steps, cursor, one), []);

test('steps of all epochs stand one after the other; what is no training step is left out', () => {
  const steps = heard([
    ['1', null],
    ['2', progress(1, 5)],
    ['3', progress(1, 2, { phase: 'EVALUATING' })],
    ['4', progress(2, 1)],
  ]);
  expect(steps.map(({ at }) => at)).toEqual([5, 11]);
});

test('what is told again after a lost connection changes nothing', () => {
  const events: [string, Progress][] = [
    ['2', progress(1, 5)],
    ['10', progress(1, 6)],
  ];
  expect(heard([...events, ...events])).toEqual(heard(events));
});

test('a run that was taken over goes back to its checkpoint, and its curve with it', () => {
  const steps = heard([
    ['1', progress(1, 9)],
    ['2', progress(2, 3)],
    ['3', progress(2, 8)],
    ['4', progress(2, 1)],
  ]);
  expect(steps.map(({ at }) => at)).toEqual([9, 11]);
});

test('kept steps come first, and of what was heard only what is newer', () => {
  const kept = {
    at: [4, 10],
    total: [3, 2],
    crossEntropy: [1, 1],
    kullbackLeibler: [1, 0.5],
    rankRegularization: [1, 0.5],
  };
  const live = heard([
    ['1', progress(1, 9)],
    ['2', progress(2, 3)],
  ]);
  expect(joinSteps(kept, live).map(({ at, loss }) => [at, loss])).toEqual([
    [4, 3],
    [10, 2],
    [13, 1],
  ]);
  expect(joinSteps(null, live)).toBe(live);
});
