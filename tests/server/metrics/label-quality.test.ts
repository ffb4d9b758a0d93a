import { describe, expect, test } from 'vitest';
import {
  confidenceWeightedEntropy,
  normalisedMargin,
  selfConfidence,
} from '../../../server/src/metrics/label-quality.js';
import { normalisedEntropy } from '../../../server/src/metrics/entropy.js';
import { forRandomPairs, oneHot, uniform } from './distributions.support.js';

// Five predictions and their given labels; the expected scores are cleanlab's formulas evaluated with numpy 2.4.
const predictions = [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.05, 0.05, 0.9], uniform(3), [0, 0.5, 0.5]];
const labels = [0, 0, 2, 1, 0];

describe('label quality', () => {
  test('self-confidence is the probability of the given label', () => {
    expect(predictions.map((p, n) => selfConfidence(p, labels[n]!))).toEqual([0.6, 0.2, 0.9, 1 / 3, 0]);
  });

  test("normalised margin is cleanlab's", () => {
    const expected = [0.65, 0.35, 0.925, 0.5, 0.25];
    predictions.forEach((p, n) => expect(normalisedMargin(p, labels[n]!)).toBeCloseTo(expected[n]!, 14));
  });

  test("confidence-weighted entropy is cleanlab's, its lower bound of self-confidence included", () => {
    const expected = [
      0.6310267127084289, 0.37088715561155455, 0.8415345926032666, 0.4620981203732969, 2.1167097159596245e-5,
    ];
    predictions.forEach((p, n) => expect(confidenceWeightedEntropy(p, labels[n]!) / expected[n]!).toBeCloseTo(1, 12));
  });

  test("confidence-weighted entropy has cleanlab's ends: a certain prediction scores 0, right or wrong", () => {
    expect(confidenceWeightedEntropy(oneHot(7, 3), 3)).toBe(0);
    expect(confidenceWeightedEntropy(oneHot(7, 3), 1)).toBe(0);
    // Entropy 2.2e-8 nats, s = 3.2e-8: log(1 + s) / 1e-6.
    expect(confidenceWeightedEntropy([1 - 1e-9, 1e-9], 0)).toBeCloseTo(0.031338, 5);
  });

  test('each score lies in [0, 1] and is highest for the most probable label', () => {
    forRandomPairs(200, (p) => {
      const best = p.indexOf(Math.max(...p));
      // Of a prediction so certain that cleanlab's lower bound decides, the highest class scores near 0 too.
      const certain = normalisedEntropy(p) < 1e-6;
      for (const score of [selfConfidence, normalisedMargin, confidenceWeightedEntropy]) {
        for (let y = 0; y < p.length; y++) {
          expect(score(p, y)).toBeGreaterThanOrEqual(0);
          expect(score(p, y)).toBeLessThanOrEqual(1);
          if (!(certain && score === confidenceWeightedEntropy))
            expect(score(p, y)).toBeLessThanOrEqual(score(p, best) + 1e-15);
        }
      }
    });
  });
});
