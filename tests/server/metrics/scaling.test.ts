import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { argmax } from '../../../server/src/metrics/argmax.js';
import { fitTemperature, fitVector, rescale } from '../../../server/src/metrics/scaling.js';

interface Fits {
  factor: number;
  factors: number[];
  offsets: number[];
}
interface Golden {
  classes: number;
  distributions: number[];
  labels: number[];
  votes: number[];
  byLabels: Fits;
  byVotes: Fits;
}
const golden = JSON.parse(readFileSync('tests/fixtures/metrics/scaling.json', 'utf8')) as Golden;
const { classes, distributions } = golden;
const oneHot = golden.labels.flatMap((label) => Array.from({ length: classes }, (_, k) => Number(k === label)));

test.each([
  ['labels', oneHot, golden.byLabels],
  ['votes', golden.votes, golden.byVotes],
] as const)("is what scipy's BFGS finds, against %s", (_, truths, expected) => {
  expect(fitTemperature(distributions, truths, classes).factors).toEqual(
    new Array(classes).fill(expect.closeTo(expected.factor, 5)),
  );
  const { factors, offsets } = fitVector(distributions, truths, classes);
  factors.forEach((factor, k) => expect(factor).toBeCloseTo(expected.factors[k]!, 3));
  offsets.forEach((offset, k) => expect(offset).toBeCloseTo(expected.offsets[k]!, 3));
});

test('a temperature keeps the prediction, and probabilities sum to 1', () => {
  const scaling = fitTemperature(distributions, oneHot, classes);
  for (let start = 0; start < distributions.length; start += classes) {
    const p = distributions.slice(start, start + classes);
    const q = rescale(p, scaling);
    expect(argmax(q)).toBe(argmax(p));
    expect(q.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  }
});

test('what is calibrated already stays as it is', () => {
  const halves = [0.5, 0.5, 0.5, 0.5];
  expect(rescale([0.3, 0.7], fitTemperature([0.8, 0.2, 0.2, 0.8], [0.8, 0.2, 0.2, 0.8], 2))[0]).toBeCloseTo(0.3, 6);
  expect(rescale([0.3, 0.7], fitVector(halves, halves, 2))[0]).toBeCloseTo(0.3, 6);
});

test('a class that nobody has, a zero probability and a perfect fit give finite numbers', () => {
  const certain = [1, 0, 0, 1, 0, 0];
  for (const fitted of [fitTemperature(certain, certain, 3), fitVector(certain, certain, 3)]) {
    expect([...fitted.factors, ...fitted.offsets].every(Number.isFinite)).toBe(true);
    expect([...rescale([1, 0, 0], fitted)].every(Number.isFinite)).toBe(true);
  }
});
