import { describe, expect, test } from 'vitest';
import { entropy, normalisedEntropy } from '../../../server/src/metrics/entropy.js';
import { shuffle } from '../../../server/src/random.js';
import { forRandomPairs, oneHot, permuted, uniform } from './distributions.support.js';

describe('entropy', () => {
  test('of (9/10, 1/10) is 0.325 nats, as scipy.stats.entropy documents in bits', () => {
    expect(entropy([0.9, 0.1]) / Math.LN2).toBeCloseTo(0.4689955935892812, 14);
  });

  test('is log C for the uniform distribution and exactly 0 for a certain one', () => {
    for (const classes of [2, 3, 7, 8]) {
      expect(entropy(uniform(classes))).toBeCloseTo(Math.log(classes), 14);
      expect(Object.is(entropy(oneHot(classes, 1)), 0)).toBe(true);
    }
  });

  test('counts 0 log 0 as 0', () => {
    expect(entropy([0.5, 0, 0.5])).toBeCloseTo(Math.LN2, 15);
  });

  test('lies in [0, log C] and does not depend on the order of the classes', () => {
    forRandomPairs(300, (u, _, random) => {
      const order = shuffle([...u.keys()], random);
      expect(entropy(u)).toBeGreaterThanOrEqual(0);
      expect(entropy(u)).toBeLessThanOrEqual(Math.log(u.length) + 1e-12);
      expect(entropy(permuted(u, order))).toBeCloseTo(entropy(u), 12);
    });
  });

  test('reads float32 columns as they are stored', () => {
    expect(entropy(Float32Array.of(0.25, 0.75))).toBeCloseTo(0.5623351446188083, 14);
  });
});

describe('normalised entropy', () => {
  test("matches cleanlab's formula evaluated with numpy", () => {
    const expected = [0.81734542214651, 0.9372305632161295, 0.3589962496465303, 1, 0.6309297535714574];
    const rows = [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.05, 0.05, 0.9], uniform(3), [0, 0.5, 0.5]];
    rows.forEach((row, n) => expect(normalisedEntropy(row)).toBeCloseTo(expected[n]!, 14));
  });

  test('of a single class is 0, not 0 / 0', () => {
    expect(normalisedEntropy([1])).toBe(0);
  });
});
