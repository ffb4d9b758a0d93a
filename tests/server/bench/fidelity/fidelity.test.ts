import { describe, expect, test } from 'vitest';
import { fidelityData, isMirrored } from '../../../../server/src/bench/fidelity/fidelity-data.js';
import {
  type Arm,
  arms,
  outcomeFacts,
  quickPlan,
  type SeedResults,
  type Trained,
} from '../../../../server/src/bench/fidelity/fidelity-plan.js';
import { differenceOf, fidelityReport, verdictOf } from '../../../../server/src/bench/fidelity/fidelity-report.js';
import { augmentBatch } from '../../../../server/src/training/augmentation/augment-batch.js';
import { normaliseInto } from '../../../../server/src/training/augmentation/normalise.js';

const trained = (accuracy: number): Trained => ({
  accuracy,
  divergence: 1 - accuracy,
  loss: 1,
  attention: 0.5,
  steps: [2, 1],
});
const seedOfArms = (values: Record<Arm, number>): SeedResults =>
  Object.fromEntries(arms.map((arm) => [arm, trained(values[arm])])) as SeedResults;

describe('the comparison of two implementations', () => {
  test('pairs seeds, takes the mean of a training and its rerun, and gives a t interval', () => {
    const results = [
      seedOfArms({ ours: 0.6, oursAgain: 0.62, torch: 0.6, torchAgain: 0.6 }),
      seedOfArms({ ours: 0.5, oursAgain: 0.5, torch: 0.52, torchAgain: 0.5 }),
      seedOfArms({ ours: 0.7, oursAgain: 0.7, torch: 0.69, torchAgain: 0.67 }),
    ];
    // scipy.stats: t interval at 90 % of 0.01, -0.01, 0.02.
    const { mean, low, high } = differenceOf(results, 'accuracy');
    expect(mean).toBeCloseTo(0.02 / 3, 12);
    expect(low).toBeCloseTo(-0.0190852, 6);
    expect(high).toBeCloseTo(0.0324185, 6);
    const report = fidelityReport(quickPlan, results, ['native-cpu', 'PyTorch 1']);
    expect(report).toContain('+0.007 [-0.019, +0.032] | ± 0.04 | equivalent');
  });

  test('of one seed nothing is decided', () => {
    const results = [seedOfArms({ ours: 0.6, oursAgain: 0.6, torch: 0.1, torchAgain: 0.1 })];
    expect(verdictOf(differenceOf(results, 'accuracy'), outcomeFacts.accuracy.bound)).toBe('undecided');
  });

  test.each([
    [-0.01, 0.03, 'equivalent'],
    [-0.01, 0.05, 'undecided'],
    [0.05, 0.09, 'different'],
    [-0.2, -0.05, 'different'],
  ])('an interval from %d to %d is %s within 0.04', (low, high, verdict) => {
    expect(verdictOf({ mean: 0, low, high }, 0.04)).toBe(verdict);
  });
});

describe('what both sides are given', () => {
  test('the rerun begins one or two units of the last place away, and with other weights', () => {
    const { weights, moved } = fidelityData(quickPlan, 1);
    let changed = 0;
    for (const [name, { data }] of weights) {
      moved.get(name)!.data.forEach((value, n) => {
        if (value !== data[n]) changed++;
        expect(Math.abs(value - data[n]!)).toBeLessThanOrEqual(1.4e-7 * Math.abs(data[n]!));
      });
    }
    expect(changed).toBeGreaterThan(1000);
  });

  test('flips are those that training makes', () => {
    const size = 4;
    const bytes = Uint8Array.from({ length: 3 * size * size * 3 }, (_, n) => n % 251);
    const positions = Int32Array.from([0, 1, 5]);
    const settings = { randAugment: null, flip: true, erasing: null };
    const images = augmentBatch({ bytes, positions, size, seed: 3, epoch: 2, settings });
    const length = size * size * 3;
    const expected = new Float32Array(images.length);
    positions.forEach((position, n) => {
      const pixels = bytes.subarray(n * length, (n + 1) * length);
      normaliseInto(expected, n * length, pixels, { size, mirrored: isMirrored(3, 2, position) });
    });
    expect(images).toEqual(expected);
  });
});
