import { describe, expect, test } from 'vitest';
import { kullbackLeibler } from '../../../server/src/metrics/distances.js';
import { entropy } from '../../../server/src/metrics/entropy.js';
import { fuseSplit, largestChanges, type SplitToFuse } from '../../../server/src/metrics/fuse-split.js';
import { fusedDistribution, fusionScore, fusionWeight } from '../../../server/src/metrics/fusion.js';
import { randomFrom } from '../../../server/src/random.js';

const split: SplitToFuse = {
  labelDistributions: Float32Array.from([0.5, 0.25, 0.25, 0.25, 0.5, 0.25, NaN, NaN, NaN]),
  labels: [0, 0, 1],
  classDistributions: Float32Array.from([0.75, 0.125, 0.125, 0.125, 0.75, 0.125, 0.25, 0.25, 0.5]),
  scores: Float64Array.from([0.25, 0.75, 0.5]),
  range: [0.25, 0.75],
  bounds: { minimum: 0, maximum: 0.5 },
  votes: Float32Array.from([1, 0, 0, NaN, NaN, NaN, 0, 1, 0]),
};

describe('fusing a split', () => {
  test('gives q = (1 - v) p + v L[y], its class, entropy and KL to the votes by hand', () => {
    const fused = fuseSplit(split);
    expect([...fused.weights]).toEqual([0, 0.5, 0.25]);
    expect([...fused.distributions.subarray(0, 6)]).toEqual([0.5, 0.25, 0.25, 0.5, 0.3125, 0.1875]);
    expect([...fused.classes]).toEqual([0, 0, -1]);
    expect(fused.entropies[0]).toBeCloseTo(1.5 * Math.LN2, 6);
    expect(fused.votesKl[0]).toBeCloseTo(Math.LN2, 6);
  });

  test('knows nothing of a sample without votes, or without a label distribution', () => {
    const { votesKl, entropies, distributions } = fuseSplit(split);
    expect([votesKl[1], votesKl[2], entropies[2], distributions[6]]).toEqual([NaN, NaN, NaN, NaN]);
  });

  test('agrees with the functions of one sample on random splits', () => {
    const random = randomFrom(7);
    const draw = (): number[] => {
      const parts = Array.from({ length: 5 }, () => random.uniform() ** 4);
      const sum = parts.reduce((total, part) => total + part, 0);
      return parts.map((part) => part / sum);
    };
    const many = {
      labelDistributions: Float32Array.from(Array.from({ length: 200 }, draw).flat()),
      labels: Array.from({ length: 200 }, () => random.integer(5)),
      classDistributions: Float32Array.from(Array.from({ length: 5 }, draw).flat()),
      scores: Float64Array.from({ length: 200 }, () => random.uniform()),
      range: [0, 1] as const,
      bounds: { minimum: 0.2, maximum: 1 },
      votes: Float32Array.from(Array.from({ length: 200 }, draw).flat()),
    };
    const fused = fuseSplit(many);
    for (let n = 0; n < 200; n++) {
      const y = many.labels[n]!;
      const v = fusionWeight(many.scores[n]!, many.range, many.bounds);
      const p = many.labelDistributions.subarray(5 * n, 5 * n + 5);
      const q = fusedDistribution(p, many.classDistributions.subarray(5 * y, 5 * y + 5), v);
      expect(fused.entropies[n]).toBeCloseTo(entropy(q), 5);
      expect(fused.votesKl[n]).toBeCloseTo(kullbackLeibler(many.votes.subarray(5 * n, 5 * n + 5), q), 5);
    }
  });

  test('lists flips first, then by how much q moves, and what does not move not at all', () => {
    const before = fuseSplit({ ...split, labels: [0, 0, 0], bounds: { minimum: 0, maximum: 0 } });
    const after = fuseSplit({ ...split, labels: [0, 0, 0], bounds: { minimum: 0.5, maximum: 0.5 } });
    expect([...before.classes, ...after.classes]).toEqual([0, 1, -1, 0, 0, -1]);
    expect(largestChanges(before, after, 10)).toEqual([1, 0]);
    expect(largestChanges(before, after, 1)).toEqual([1]);
    expect(largestChanges(before, before, 10)).toEqual([]);
  });
});

describe('what is stretched to the fusion weight', () => {
  const attention = { auxiliary: 0.25, target: 0.75 };
  test('is the mean attention, or how certain p is: 1 for one class, 0 for all alike', () => {
    expect(fusionScore(undefined, null, attention)).toBe(0.5);
    expect(fusionScore('CERTAINTY', [0, 1, 0], attention)).toBe(1);
    expect(fusionScore('CERTAINTY', [0.25, 0.25, 0.25, 0.25], attention)).toBeCloseTo(0, 12);
    expect(fusionScore('CERTAINTY', [0.5, 0.5, 0, 0], attention)).toBeCloseTo(0.5, 12);
    expect(fusionScore('CERTAINTY', null, attention)).toBeNaN();
  });
});
