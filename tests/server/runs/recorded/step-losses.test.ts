import { describe, expect, test } from 'vitest';
import { mostRecords, StepLog, thinSteps, type RunStep } from '../../../../server/src/runs/recorded/step-losses.js';

const reported = (total: number): Parameters<StepLog['add']>[0] => ({
  total,
  crossEntropy: total / 2,
  kullbackLeibler: total / 4,
  rankRegularization: 0,
  attentionMinimum: 0.25,
  attentionMaximum: 0.75,
});

describe('the log of an epoch’s steps', () => {
  test('keeps every step as it was, in single precision', () => {
    const log = new StepLog(3);
    for (const total of [3, 0.1, 1]) log.add(reported(total));
    const { steps, stride, records } = log.finish();
    expect([steps, stride, records.length]).toEqual([3, 1, 18]);
    expect(records[6]).toBe(Math.fround(0.1));
    expect(Array.from(records.subarray(12))).toEqual([1, 0.5, 0.25, 0, 0.25, 0.75]);
  });

  test('of more steps than it may hold keeps means of consecutive ones, the last of fewer', () => {
    const count = mostRecords * 2 + 2;
    const log = new StepLog(count);
    for (let n = 0; n < count; n++) log.add(reported(n));
    const { steps, stride, records } = log.finish();
    expect([steps, stride]).toEqual([count, 3]);
    expect(records.length / 6).toBeLessThanOrEqual(mostRecords);
    expect(records[0]).toBe(1);
    expect(records.at(-6)).toBe(count - 1);
  });
});

test('thinned steps are means that stand for all of theirs, and end with their epoch', async () => {
  const step = (epoch: number, at: number, total: number, averaged = 1): RunStep => {
    return { ...reported(total), epoch, step: at, at, averaged };
  };
  async function* given(): AsyncGenerator<RunStep> {
    yield* [step(1, 2, 1, 2), step(1, 3, 4), step(1, 4, 7), step(2, 5, 9)];
  }
  const thin: RunStep[] = [];
  for await (const one of thinSteps(given(), 2)) thin.push(one);
  expect(thin.map(({ at, averaged, total }) => [at, averaged, total])).toEqual([
    [3, 3, 2],
    [4, 1, 7],
    [5, 1, 9],
  ]);
});
