import disputed from '../../fixtures/metrics/disputed.json' with { type: 'json' };
import { expect, test } from 'vitest';
import { calibration } from '../../../server/src/metrics/calibration.js';

const labels =
  (...given: number[]) =>
  (n: number): number[] | null =>
    given[n]! < 0 ? null : [0, 1, 2].map((k) => Number(k === given[n]));

test('by hand: bins, expected and maximum error, Brier score and log loss', () => {
  // Confidences 0.9 (right), 0.9 (wrong) in bin 14, 0.5 (right) in bin 8.
  const report = calibration([0.9, 0.05, 0.05, 0.9, 0.1, 0, 0.25, 0.5, 0.25], 3, labels(0, 1, 1))!;
  expect(report.samples).toBe(3);
  expect(report.bins).toHaveLength(15);
  expect(report.bins[13]).toEqual({ lower: 13 / 15, upper: 14 / 15, samples: 2, confidence: 0.9, accuracy: 0.5 });
  expect(report.bins[7]).toEqual({ lower: 7 / 15, upper: 8 / 15, samples: 1, confidence: 0.5, accuracy: 1 });
  expect(report.bins[0]).toMatchObject({ samples: 0, confidence: null, accuracy: null });
  expect(report.ece).toBeCloseTo((2 / 3) * 0.4 + (1 / 3) * 0.5, 12);
  expect(report.mce).toBeCloseTo(0.5, 12);
  expect(report.brier).toBeCloseTo((0.01 + 2 * 0.0025 + (0.81 + 0.81) + (0.0625 * 2 + 0.25)) / 3, 12);
  expect(report.nll).toBeCloseTo(-(Math.log(0.9) + Math.log(0.1) + Math.log(0.5)) / 3, 12);
});

// scikit-learn's documentation of log_loss: log_loss(["spam", "ham", "ham", "spam"], [[.1, .9], [.9, .1], [.8, .2],
// [.35, .65]]) = 0.21616...
test('log loss is that of the example in the documentation of scikit-learn', () => {
  const truth = [1, 0, 0, 1].map((y) => [1 - y, y]);
  expect(calibration([0.1, 0.9, 0.9, 0.1, 0.8, 0.2, 0.35, 0.65], 2, (n) => truth[n]!)!.nll).toBeCloseTo(0.21616, 5);
});

// Its brier_score_loss, for two classes and one probability, of y = 0, 1, 1, 0 and p = 0.1, 0.9, 0.8, 0.3 is 0.0375;
// over both classes twice that.
test('Brier score is twice that of the two-class example in the documentation of scikit-learn', () => {
  const truth = [0, 1, 1, 0].map((y) => [1 - y, y]);
  expect(calibration([0.9, 0.1, 0.1, 0.9, 0.2, 0.8, 0.7, 0.3], 2, (n) => truth[n]!)!.brier).toBeCloseTo(2 * 0.0375, 12);
});

test('against votes, accuracy is the share of votes for the predicted class', () => {
  const report = calibration(
    [0.6, 0.4, 0.6, 0.4],
    2,
    (n) =>
      [
        [0.75, 0.25],
        [0.25, 0.75],
      ][n]!,
  )!;
  expect(report.bins[8]).toMatchObject({ samples: 2, confidence: 0.6, accuracy: 0.5 });
  expect(report.ece).toBeCloseTo(0.1, 12);
});

test('samples whose truth is not known do not count; without any there is no report', () => {
  expect(calibration([1, 0, 0, 0, 1, 0], 3, labels(0, -1))).toMatchObject({ samples: 1, ece: 0, brier: 0, nll: 0 });
  expect(calibration([1, 0, 0], 3, labels(-1))).toBeNull();
});

test('a certain mistake has a finite log loss, that of machine epsilon', () => {
  expect(calibration([1, 0, 0], 3, labels(1))!.nll).toBeCloseTo(-Math.log(Number.EPSILON), 10);
});

test('the ends of bins: 0 and what lies on a boundary belong below, 1 to the last', () => {
  const places = (confidence: number): number =>
    calibration([confidence, 1 - confidence], 2, () => [1, 0])!.bins.findIndex(({ samples }) => samples > 0);
  expect([places(1), places(0.6), places(0.6000001)]).toEqual([14, 8, 9]);
});

test('a confidence of exactly 1 belongs to the last bin, beside its neighbours', () => {
  const { seven, ...first } = disputed['c01-ece-confidence-one'];
  const report = calibration(first.distributions.flat(), 2, labels(...first.labels))!;
  expect(report.ece).toBeCloseTo(first.expect.ece, 12);
  expect(report.mce).toBeCloseTo(first.expect.mce, 12);
  const oneHot = (n: number): number[] => Array.from({ length: 7 }, (_, k) => (k === seven.labels[n] ? 1 : 0));
  expect(calibration(seven.distributions.flat(), 7, oneHot)!.ece).toBeCloseTo(seven.expect.ece, 12);
});

test('a confidence on an edge belongs to the bin below it', () => {
  const { edges } = disputed['c01-ece-confidence-one'];
  const oneHot = (n: number): number[] => [0, 1].map((k) => (k === edges.labels[n] ? 1 : 0));
  const report = calibration(edges.distributions.flat(), 2, oneHot)!;
  expect(report.ece).toBeCloseTo(edges.expect.ece, 12);
  expect(report.bins.flatMap(({ samples }, place) => (samples > 0 ? [place + 1] : []))).toEqual(
    edges.expect['bins counted from 1'],
  );
});
