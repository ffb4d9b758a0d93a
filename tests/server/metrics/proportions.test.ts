import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fisherGreater, holm, logFactorials, wilsonInterval } from '../../../server/src/metrics/proportions.js';

const golden = JSON.parse(readFileSync('tests/fixtures/metrics/proportions.json', 'utf8')) as {
  wilson: [number, number, number, number][];
  fisher: [number, number, number, number, number][];
};

test.each(golden.wilson)("Wilson's interval of %i / %i is scipy's", (k, n, lower, upper) => {
  const found = wilsonInterval(k, n)!;
  expect(found.lower).toBeCloseTo(lower, 10);
  expect(found.upper).toBeCloseTo(upper, 10);
});

test.each(golden.fisher)(
  "Fisher's test of %i of %i drawn, %i of %i marked, is scipy's",
  (hits, drawn, marked, all, p) => {
    const found = fisherGreater({ hits, drawn, marked, all }, logFactorials(all));
    expect(Math.abs(found - p)).toBeLessThan(1e-9 + 1e-7 * p);
  },
);

test("Holm's correction: the textbook's case, order kept, never above 1", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

test('a share of nothing has no interval', () => expect(wilsonInterval(0, 0)).toBeNull());
