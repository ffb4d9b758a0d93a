import { describe, expect, test } from 'vitest';
import disputed from '../../fixtures/metrics/disputed.json' with { type: 'json' };
import {
  afterEpoch,
  correctnessOf,
  forgettingOf,
  logitMargin,
  untrained,
} from '../../../server/src/metrics/dynamics.js';

describe('the margin of logits', () => {
  test('from a softmax is that of the logits it came from, whatever is added to all of them', () => {
    for (const logits of [
      [2, -1, 0.5],
      [102, 99, 100.5],
      [-3, -3.25, -8],
    ]) {
      const powers = logits.map((z) => Math.exp(z - Math.max(...logits)));
      const p = powers.map((power) => power / powers.reduce((sum, value) => sum + value, 0));
      logits.forEach((z, y) =>
        expect(logitMargin(p, y)).toBeCloseTo(z - Math.max(...logits.filter((_, k) => k !== y)), 10),
      );
    }
  });

  test('is finite where float32 has rounded a probability to 0', () => {
    expect(logitMargin([1, 0, 0], 0)).toBeCloseTo(126 * Math.LN2, 10);
    expect(logitMargin([1, 0, 0], 1)).toBeCloseTo(-126 * Math.LN2, 10);
  });
});

describe('the dynamics of a sample', () => {
  const epochs = [
    { selfConfidence: 0.2, logitMargin: -1, correct: false },
    { selfConfidence: 0.6, logitMargin: 0.5, correct: true },
    { selfConfidence: 0.4, logitMargin: -0.1, correct: false },
    { selfConfidence: 0.8, logitMargin: 2, correct: true },
    { selfConfidence: 0.5, logitMargin: 0.1, correct: false },
  ];

  test('by hand over five epochs', () => {
    const dynamics = epochs.reduce(afterEpoch, untrained);
    expect(dynamics).toMatchObject({ epochs: 5, forgettingEvents: 2, correct: false });
    expect(dynamics.confidence).toBeCloseTo(0.5, 12);
    // Deviations -0.3, 0.1, -0.1, 0.3, 0: squares sum to 0.2.
    expect(dynamics.variability).toBeCloseTo(Math.sqrt(0.04), 12);
    expect(correctnessOf(dynamics)).toBe(2 / 5);
    expect(dynamics.aum).toBeCloseTo(1.5 / 5, 12);
  });

  test('of one epoch have no variability and forget nothing', () => {
    expect(afterEpoch(untrained, epochs[0]!)).toEqual({
      epochs: 1,
      confidence: 0.2,
      variability: 0,
      correctEpochs: 0,
      forgettingEvents: 0,
      aum: -1,
      correct: false,
    });
  });

  test('that never change have a variability of exactly 0 or near it', () => {
    const same = Array.from({ length: 100 }, () => ({ selfConfidence: 0.1, logitMargin: 0, correct: true }));
    expect(same.reduce(afterEpoch, untrained).variability).toBeLessThan(1e-8);
  });

  const follow = (correct: readonly number[]): typeof untrained =>
    correct.map((one) => ({ selfConfidence: 0.5, logitMargin: 0, correct: one === 1 })).reduce(afterEpoch, untrained);

  test.each(disputed['c06-forgetting'].sequences)('count events of $"correct by epoch"', (sequence) => {
    const dynamics = follow(sequence['correct by epoch']);
    expect(correctnessOf(dynamics)).toBe(sequence.correctness);
    // A sample that was never learned has no number of events: the tools rank it as the most forgotten.
    expect(forgettingOf(dynamics)).toBe(sequence.correctness === 0 ? null : sequence.forgettingEvents);
  });

  test('give every share of up to 200 epochs exactly, so that a filter finds it', () => {
    for (let epochs = 1; epochs <= 200; epochs++) {
      const count = Math.ceil((3 * epochs) / 4);
      const order = Array.from({ length: epochs }, (_, e) => ((e * 7) % epochs < count ? 1 : 0));
      const dynamics = follow(order);
      expect(correctnessOf(dynamics)).toBe(order.filter((one) => one === 1).length / epochs);
      expect(Math.round(correctnessOf(dynamics) * epochs)).toBe(dynamics.correctEpochs);
    }
  });
});
