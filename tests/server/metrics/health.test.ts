import { describe, expect, test } from 'vitest';
import { findings, type HealthEpoch } from '../../../server/src/metrics/health.js';

const facts = { classes: ['anger', 'fear', 'joy'], beta: 3 };
const well: HealthEpoch = {
  number: 1,
  labelEntropy: 0.5,
  labelVariance: 0.2,
  attentionP5: 0.3,
  attentionP95: 0.7,
  lowAttention: 0,
  highAttention: 0,
  fallbackRows: [false, false, false],
  classCounts: [100, 100, 100],
  auxiliaryTrainAccuracy: 0.6,
  targetValidationAccuracy: 0.6,
};
const run = (...changes: Partial<HealthEpoch>[]): HealthEpoch[] =>
  changes.map((change, place) => ({ ...well, number: place + 1, ...change }));
const found = (epochs: HealthEpoch[]): [string, number][] =>
  findings(epochs, facts).map(({ signature, since }) => [signature, since]);

describe('a run', () => {
  test('that goes well, and one without epochs, have no finding', () => {
    expect(found(run({}, {}, {}, {}, {}))).toEqual([]);
    expect(found([])).toEqual([]);
  });

  test.each<[string, Partial<HealthEpoch>, number]>([
    ['AUXILIARY_LEARNED_NOTHING', { labelEntropy: 0.96 * Math.log(3) }, 0.96],
    ['AUXILIARY_LEARNED_NOTHING', { labelVariance: 0.00005 }, 0.00005],
    ['ATTENTION_COLLAPSED', { attentionP5: 0.5, attentionP95: 0.54 }, 0.04],
    ['ATTENTION_COLLAPSED', { lowAttention: 0.6 }, 0.6],
    ['ATTENTION_COLLAPSED', { highAttention: 0.51 }, 0.51],
    ['CLASS_DISTRIBUTION_UNRELIABLE', { classCounts: [100, 9, 100] }, 9],
    ['CLASS_DISTRIBUTION_UNRELIABLE', { classCounts: [10, 101, 100] }, 10.1],
  ])('has %s where %j, since the epoch from which it holds', (signature, change, value) => {
    const [finding, ...others] = findings(run(change, {}, change, change), facts);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ signature, since: 3 });
    expect(finding!.value).toBeCloseTo(value, 10);
    expect(found(run(change, {}))).toEqual([]);
  });

  test.each<Partial<HealthEpoch>>([
    { labelEntropy: 0.94 * Math.log(3) },
    { labelVariance: 0.0002 },
    { labelVariance: null },
    { attentionP5: 0.5, attentionP95: 0.56 },
    { lowAttention: null, highAttention: null },
    { lowAttention: 0.5 },
    { classCounts: [10, 100, 100] },
  ])('has none where %j', (change) => {
    expect(found(run(change))).toEqual([]);
  });

  test('has unreliable class distributions where a row is the fallback after the ramp, not during it', () => {
    const fallback = { fallbackRows: [false, true, false] };
    expect(found(run(fallback, fallback, fallback))).toEqual([]);
    expect(findings(run(fallback, fallback, fallback, fallback), facts)).toMatchObject([
      { signature: 'CLASS_DISTRIBUTION_UNRELIABLE', since: 4, evidence: expect.stringContaining('fear') },
    ]);
  });

  test('memorises noise where training accuracy rises and validation has fallen from its best', () => {
    const epochs = [0.5, 0.6, 0.7, 0.8, 0.9].map((accuracy, place) => ({
      auxiliaryTrainAccuracy: accuracy,
      targetValidationAccuracy: [0.5, 0.62, 0.61, 0.595, 0.58][place]!,
    }));
    expect(found(run(...epochs))).toEqual([['MEMORISING_NOISE', 4]]);
    expect(found(run(...epochs.map((epoch) => ({ ...epoch, auxiliaryTrainAccuracy: 0.9 }))))).toEqual([]);
    expect(found(run(...epochs.map((epoch) => ({ ...epoch, targetValidationAccuracy: null }))))).toEqual([]);
    expect(found(run(...epochs.slice(0, 3)))).toEqual([]);
  });
});
