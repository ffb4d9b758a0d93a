import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { agreement } from '../../../server/src/metrics/agreement.js';
import { argmax } from '../../../server/src/metrics/argmax.js';
import { confusionCounts } from '../../../server/src/metrics/confusion.js';
import { dawidSkene } from '../../../server/src/metrics/dawid-skene.js';
import { countsOfClass, fleissKappa, krippendorffAlpha } from '../../../server/src/metrics/rater-agreement.js';
import { weightedConsensus } from '../../../server/src/metrics/weighted-consensus.js';
import { randomFrom } from '../../../server/src/random.js';

interface Golden {
  samples: number;
  raters: number;
  classes: number;
  rows: [number, number, number][];
  truth: number[];
  alpha: number;
  cohen: number;
  posteriors: number[];
  prior: number[];
  confusions: number[];
}
const golden = JSON.parse(readFileSync('tests/fixtures/metrics/raters.json', 'utf8')) as Golden;
const ratings = {
  samples: Int32Array.from(golden.rows, ([n]) => n),
  raters: Int32Array.from(golden.rows, ([, r]) => r),
  labels: Int16Array.from(golden.rows, ([, , k]) => k),
};
const counts = new Float64Array(golden.samples * golden.classes);
for (const [n, , k] of golden.rows) counts[n * golden.classes + k]!++;

describe('agreement of many raters', () => {
  test("is Krippendorff's own example", () => {
    // Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, part C: alpha = 0.743.
    const rows = ['123321412...', '1233224125.3', '.3332342251.', '12332441251.'];
    const own = new Float64Array(12 * 5);
    for (const row of rows)
      [...row].forEach((mark, unit) => {
        if (mark !== '.') own[unit * 5 + Number(mark) - 1]!++;
      });
    expect(krippendorffAlpha(own, 5)).toBeCloseTo(0.743, 3);
  });

  test("is Fleiss' kappa of the usual example", () => {
    // Ten subjects, 14 raters, five classes: kappa = 0.210 (J. L. Fleiss' form, as the encyclopedias print it).
    const table = [
      [0, 0, 0, 0, 14],
      [0, 2, 6, 4, 2],
      [0, 0, 3, 5, 6],
      [0, 3, 9, 2, 0],
      [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0],
      [3, 2, 6, 3, 0],
      [2, 5, 3, 2, 2],
      [6, 5, 2, 1, 0],
      [0, 2, 2, 3, 7],
    ].flat();
    expect(fleissKappa(table, 5)).toBeCloseTo(0.21, 3);
    expect(fleissKappa([...table, 1, 0, 0, 0, 0], 5)).toBeNull();
  });

  test('is what numpy and scikit-learn say, missing ratings included', () => {
    expect(krippendorffAlpha(counts, golden.classes)).toBeCloseTo(golden.alpha, 12);
    const by = (rater: number): Int16Array => {
      const labels = new Int16Array(golden.samples).fill(-1);
      for (const [n, r, k] of golden.rows) if (r === rater) labels[n] = k;
      return labels;
    };
    expect(agreement(confusionCounts(by(0), by(1), golden.classes)).kappa).toBeCloseTo(golden.cohen, 12);
  });

  test('does not depend on the order of classes, and weights count samples as often', () => {
    const turned = counts.map((_, place) => counts[place - (place % 3) + ((place + 1) % 3)]!);
    expect(krippendorffAlpha(turned, 3)).toBeCloseTo(golden.alpha, 12);
    const weights = Array.from({ length: golden.samples }, (_, n) => n % 3);
    const repeated = weights.flatMap((weight, n) =>
      new Array<number[]>(weight).fill([...counts.subarray(3 * n, 3 * n + 3)]).flat(),
    );
    expect(krippendorffAlpha(counts, 3, weights)).toBeCloseTo(krippendorffAlpha(repeated, 3)!, 12);
    const two = countsOfClass(counts, 3, 0);
    expect(two.reduce((a, b) => a + b)).toBe(golden.rows.length);
  });

  test('is 1 where all agree, null where nobody can disagree, and about 0 by chance', () => {
    expect(krippendorffAlpha([2, 0, 0, 2], 2)).toBe(1);
    expect(krippendorffAlpha([2, 0, 2, 0], 2)).toBeNull();
    expect(krippendorffAlpha([1, 0, 0, 1], 2)).toBeNull();
    expect(krippendorffAlpha([], 2)).toBeNull();
    expect(fleissKappa([2, 0, 2, 0], 2)).toBeNull();
    const random = randomFrom(1);
    const chance = new Float64Array(4000 * 2);
    for (let n = 0; n < 4000; n++) for (let rater = 0; rater < 5; rater++) chance[2 * n + random.integer(2)]!++;
    expect(Math.abs(krippendorffAlpha(chance, 2)!)).toBeLessThan(0.02);
    expect(Math.abs(fleissKappa(chance, 2)!)).toBeLessThan(0.02);
  });
});

describe('Dawid and Skene', () => {
  const fit = dawidSkene(ratings, golden);

  test('give what numpy gives after the same rules', () => {
    expect(fit.converged).toBe(true);
    fit.posteriors.forEach((value, place) => expect(value).toBeCloseTo(golden.posteriors[place]!, 4));
    fit.prior.forEach((value, place) => expect(value).toBeCloseTo(golden.prior[place]!, 4));
    fit.confusions.forEach((value, place) => expect(value).toBeCloseTo(golden.confusions[place]!, 4));
  });

  test('do not depend on the order of the ratings', () => {
    const order = Array.from(ratings.labels.keys()).reverse();
    const turned = {
      samples: ratings.samples.map((_, m) => ratings.samples[order[m]!]!),
      raters: ratings.raters.map((_, m) => ratings.raters[order[m]!]!),
      labels: ratings.labels.map((_, m) => ratings.labels[order[m]!]!),
    };
    const again = dawidSkene(turned, golden);
    again.posteriors.forEach((value, place) => expect(value).toBeCloseTo(fit.posteriors[place]!, 9));
  });

  test('say when they stop before they have converged, and keep the prior where nobody rated', () => {
    const options = { smoothing: 0.01, mostIterations: 1, tolerance: 0 };
    expect(dawidSkene(ratings, golden, options)).toMatchObject({ iterations: 1, converged: false });
    const one = dawidSkene(ratings, { ...golden, samples: golden.samples + 1 });
    one.prior.forEach((value, k) => expect(one.posteriors[golden.samples * 3 + k]).toBeCloseTo(value, 4));
  });
});

describe('the weighted consensus', () => {
  const right = (probabilities: Float64Array): number =>
    golden.truth.filter((label, n) => argmax(probabilities.subarray(3 * n, 3 * n + 3)) === label).length;

  test('ranks raters as their skill is, and finds at least as many true labels as the votes', () => {
    const found = weightedConsensus(ratings, golden, null);
    expect([...found.quality.keys()].sort((a, b) => found.quality[b]! - found.quality[a]!)[4]).toBe(4);
    expect(found.weights[0]).toBeGreaterThan(found.weights[4]!);
    expect(right(found.probabilities)).toBeGreaterThanOrEqual(right(counts));
    for (let n = 0; n < golden.samples; n++) {
      const row = found.probabilities.subarray(3 * n, 3 * n + 3);
      if (!Number.isNaN(row[0])) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  });

  test('trusts a model as far as it says what most raters say', () => {
    const model = (skill: number): Float64Array =>
      Float64Array.from(
        golden.truth.flatMap((label, n) =>
          [0, 1, 2].map((k) => Number(k === (n % 10 < skill ? label : (label + 1) % 3))),
        ),
      );
    const [good, bad] = [weightedConsensus(ratings, golden, model(10)), weightedConsensus(ratings, golden, model(1))];
    expect(good.modelWeight).toBeGreaterThan(Math.max(...good.weights));
    expect(bad.modelWeight).toBe(0);
    expect(right(good.probabilities)).toBeGreaterThanOrEqual(right(bad.probabilities));
  });

  test('has hand-computed values where two raters agree once and differ once', () => {
    // Samples 0 and 1 say x x and x y: P = (1 + 1/2) / 2, both agree on half, the guess x is right on both.
    const two = {
      samples: Int32Array.of(0, 0, 1, 1),
      raters: Int32Array.of(0, 1, 0, 1),
      labels: Int16Array.of(0, 0, 0, 1),
    };
    const found = weightedConsensus(two, { samples: 2, raters: 2, classes: 2 }, null);
    expect([...found.agreement]).toEqual([0.5, 0.5]);
    // Nobody beats a guess that is always right: votes decide.
    expect([...found.weights]).toEqual([0, 0]);
    expect([...found.probabilities]).toEqual([1, 0, 0.5, 0.5]);
  });
});
