import { describe, expect, test } from 'vitest';
import {
  confidentClass,
  confidentClasses,
  confidentJoint,
  confidentThresholds,
  suggestedClass,
} from '../../../server/src/metrics/confident-learning.js';
import { randomFrom } from '../../../server/src/random.js';
import disputed from '../../fixtures/metrics/disputed.json' with { type: 'json' };
import { randomDistribution } from './distributions.support.js';

// Three samples labelled 0, two labelled 1.
const distributions = [0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.3, 0.7, 0.6, 0.4];
const labels = [0, 0, 0, 1, 1];

test('thresholds are the mean confidence in a class of the samples labelled so', () => {
  const thresholds = confidentThresholds(distributions, labels, 2);
  expect(thresholds[0]).toBeCloseTo(0.6, 12);
  expect(thresholds[1]).toBeCloseTo(0.55, 12);
});

test('a class that nothing is predicted as has a threshold above 0 and is not suggested with probability 0', () => {
  const thresholds = confidentThresholds([1, 0, 1, 0, 1, 0], [0, 1, 1], 2);
  expect(thresholds[1]).toBe(2e-6);
  expect(Array.from(confidentClasses([1, 0], thresholds))).toEqual([0]);
  expect(suggestedClass([1, 0], 0, thresholds)).toBe(-1);
});

test('a sample counts where it is confidently of a class, which need not be its label, or nowhere', () => {
  // 0.6 = t_0 reaches it; of the third, labelled 0, 0.8 >= t_1.
  expect(Array.from(confidentClasses([...distributions, 0.5, 0.5], [0.6, 0.55]))).toEqual([0, 0, 1, 1, 0, -1]);
});

test('a probability that is its threshold up to 1e-6 reaches it', () => {
  expect(confidentClass([0.4, 0.6], [0.9, 0.6 + 5e-7], 'CLEANLAB')).toBe(1);
  expect(confidentClass([0.4, 0.6], [0.9, 0.6 + 5e-6], 'CLEANLAB')).toBe(-1);
});

test('nothing is confidently of a class without samples', () => {
  const thresholds = confidentThresholds([0.1, 0.9], [0], 2);
  expect(thresholds[1]).toBeNaN();
  expect(Array.from(confidentClasses([0.05, 0.95], thresholds))).toEqual([-1]);
});

describe('where several classes reach their thresholds', () => {
  const {
    distributions: rows,
    labels: given,
    thresholds,
    expect: northcutt,
    cleanlab,
    given: others,
  } = disputed['c03-confident-joint-collision'];
  const suspected = (rule: 'CLEANLAB' | 'NORTHCUTT'): number[] =>
    rows.flatMap((p, n) => (suggestedClass(p, given[n]!, thresholds, rule) >= 0 ? [n] : []));

  test('CLEANLAB takes the highest class of all, NORTHCUTT the highest of those', () => {
    expect(Array.from(confidentClasses(rows.flat(), thresholds, 'CLEANLAB'))).toEqual(
      cleanlab['confident class of each'],
    );
    expect(Array.from(confidentClasses(rows.flat(), thresholds, 'NORTHCUTT'))).toEqual(
      northcutt['confident class of each'],
    );
    for (const { p, thresholds: own, expect: expected } of others)
      expect(confidentClass(p, own, 'NORTHCUTT')).toBe(expected);
  });

  test('the suspects are those of cleanlab, and of the paper', () => {
    expect(suspected('CLEANLAB')).toEqual(cleanlab.suspected);
    expect(suspected('NORTHCUTT')).toEqual(northcutt.suspected);
  });
});

test('no label that is the prediction is suspected, by either rule', () => {
  const random = randomFrom(7);
  const classes = 4;
  const all = Array.from({ length: 500 }, () => randomDistribution(random, classes));
  const given = all.map(() => random.integer(classes));
  const thresholds = confidentThresholds(all.flat(), given, classes);
  for (const rule of ['CLEANLAB', 'NORTHCUTT'] as const) {
    let suspects = 0;
    all.forEach((p, n) => {
      const suggested = suggestedClass(p, given[n]!, thresholds, rule);
      if (suggested < 0) return;
      suspects++;
      expect(suggested).not.toBe(given[n]);
      expect(p.indexOf(Math.max(...p))).not.toBe(given[n]);
      expect(p[suggested]).toBeGreaterThan(0);
    });
    expect(suspects).toBeGreaterThan(50);
  }
});

test('the confident joint counts every sample that is confidently of a class, by its label', () => {
  expect(confidentJoint([0, 0, 1, 1], [0, 1, 1, -1], 2)).toEqual([
    [1, 1],
    [0, 1],
  ]);
});
