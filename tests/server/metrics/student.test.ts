import { expect, test } from 'vitest';
import { logGamma, studentCumulative, studentQuantile } from '../../../server/src/metrics/student.js';

// scipy 1.10.1, whose quantiles have nine digits: stats.t.ppf, stats.t.cdf, special.gammaln.
test.each([
  [0.95, 4, 2.13184678133629],
  [0.975, 4, 2.7764451051977987],
  [0.95, 1, 6.313751514800932],
  [0.975, 30, 2.0422724563012373],
  [0.995, 2.5, 7.16372813402124],
])('the %d quantile with %d degrees of freedom is %d', (probability, freedom, expected) => {
  expect(studentQuantile(probability, freedom)).toBeCloseTo(expected, 7);
  expect(studentQuantile(1 - probability, freedom)).toBeCloseTo(-expected, 7);
});

test.each([
  [2.1, 4, 0.948173356841199],
  [-1, 3, 0.19550110947788527],
  [0.3, 100, 0.6176000598498482],
  [0, 7, 0.5],
])('below %d with %d degrees of freedom lies %d', (t, freedom, expected) => {
  expect(studentCumulative(t, freedom)).toBeCloseTo(expected, 12);
});

test.each([
  [0.5, 0.5723649429247],
  [4.3, 2.181021046367169],
  [100.5, 361.43554046777757],
])('log Gamma(%d) is %d', (x, expected) => {
  expect(logGamma(x)).toBeCloseTo(expected, 11);
});

test('with one degree of freedom it is the Cauchy distribution', () => {
  expect(studentQuantile(0.95, 1)).toBeCloseTo(Math.tan(0.45 * Math.PI), 11);
});
