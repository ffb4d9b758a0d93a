import { argmax } from './argmax.js';
import type { Ratings } from './dawid-skene.js';

/**
 * A consensus of raters and, where there is one, a model, each weighted by how much it is to be trusted, after Goh,
 * Tkachenko and Mueller, "CROWDLAB", arXiv 2210.06812, equations 1 to 8. Ours differs in one thing: a rater without a
 * sample that another rated too gets the mean weight of the others.
 */
export interface WeightedConsensus {
  /** `[N * C]`, rows summing to 1; NaN where nobody rated the sample. */
  probabilities: Float64Array;
  /** Of each rater at least 0, `[R]`. */
  weights: Float64Array;
  /** 0 without a model. */
  modelWeight: number;
  /** Mean probability that the consensus gives to what a rater said, `[R]`; NaN without a rating. */
  quality: Float64Array;
  /** Share of the other raters of the same samples who say the same, `[R]`; NaN where there are none. */
  agreement: Float64Array;
}

/** @param model probabilities, `[N * C]`, best of a model that never saw the sample; null: raters alone. */
export function weightedConsensus(
  ratings: Ratings,
  { samples, raters, classes }: { samples: number; raters: number; classes: number },
  model: ArrayLike<number> | null,
): WeightedConsensus {
  const counts = new Float64Array(samples * classes);
  ratings.labels.forEach((label, m) => counts[ratings.samples[m] * classes + label]++);
  const facts = factsOf(counts, classes, model);
  const agreement = agreementOf(ratings, counts, raters, classes);
  const known = agreement.filter((value) => !Number.isNaN(value));
  const usual = known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : 1;
  const weightOf = (right: number): number => Math.max(0, 1 - (1 - right) / Math.max(1e-9, 1 - facts.mostCommon));
  const weights = agreement.map((value) => weightOf(Number.isNaN(value) ? usual : value));
  const modelWeight = model ? weightOf(facts.modelRight) * Math.sqrt(facts.meanRaters) : 0;
  const probabilities = mix(ratings, { samples, classes, model, weights, modelWeight, right: facts.right, counts });
  const [sums, given] = [new Float64Array(raters), new Float64Array(raters)];
  ratings.labels.forEach((label, m) => {
    sums[ratings.raters[m]] += probabilities[ratings.samples[m] * classes + label];
    given[ratings.raters[m]]++;
  });
  return { probabilities, weights, modelWeight, quality: sums.map((sum, r) => sum / given[r]), agreement };
}

interface Facts {
  /** P: share of the raters who say what most of them say, over samples with several ratings. */
  right: number;
  /** Share of those samples whose plurality is the class that is so most often: the guess to beat. */
  mostCommon: number;
  /** Share of them on which the model says what most raters say. */
  modelRight: number;
  meanRaters: number;
}

function factsOf(counts: Float64Array, classes: number, model: ArrayLike<number> | null): Facts {
  const pluralities = new Float64Array(classes);
  let [several, right, modelRight, rated, all] = [0, 0, 0, 0, 0];
  for (let start = 0; start < counts.length; start += classes) {
    const row = counts.subarray(start, start + classes);
    const raters = row.reduce((sum, count) => sum + count, 0);
    if (raters > 0) rated++;
    all += raters;
    if (raters < 2) continue;
    const best = argmax(row);
    several++;
    pluralities[best]++;
    right += row[best] / raters;
    if (model && argmax(Array.from(row, (_, k) => model[start + k])) === best) modelRight++;
  }
  return {
    right: several > 0 ? Math.min(1 - 1e-6, right / several) : 1 - 1e-6,
    mostCommon: several > 0 ? Math.max(...pluralities) / several : 0,
    modelRight: several > 0 ? modelRight / several : 0,
    meanRaters: rated > 0 ? all / rated : 0,
  };
}

function agreementOf(ratings: Ratings, counts: Float64Array, raters: number, classes: number): Float64Array {
  const [same, others] = [new Float64Array(raters), new Float64Array(raters)];
  ratings.labels.forEach((label, m) => {
    const start = ratings.samples[m] * classes;
    const total = counts.subarray(start, start + classes).reduce((sum, count) => sum + count, 0);
    same[ratings.raters[m]] += counts[start + label] - 1;
    others[ratings.raters[m]] += total - 1;
  });
  return same.map((value, r) => value / others[r]);
}

interface Mixing {
  samples: number;
  classes: number;
  model: ArrayLike<number> | null;
  weights: Float64Array;
  modelWeight: number;
  right: number;
  counts: Float64Array;
}

function mix(ratings: Ratings, mixing: Mixing): Float64Array {
  const { samples, classes, model, weights, modelWeight, right, counts } = mixing;
  const mixed = new Float64Array(samples * classes);
  const totals = new Float64Array(samples);
  const otherwise = (1 - right) / Math.max(1, classes - 1);
  if (model && modelWeight > 0) {
    totals.fill(modelWeight);
    for (let place = 0; place < mixed.length; place++) mixed[place] = modelWeight * model[place];
  }
  ratings.labels.forEach((label, m) => {
    const [n, weight] = [ratings.samples[m], weights[ratings.raters[m]]];
    totals[n] += weight;
    for (let k = 0; k < classes; k++) mixed[n * classes + k] += weight * (k === label ? right : otherwise);
  });
  for (let n = 0; n < samples; n++) {
    const row = counts.subarray(n * classes, (n + 1) * classes);
    const raters = row.reduce((sum, count) => sum + count, 0);
    // Where nobody is worth more than a guess, votes decide.
    for (let k = 0; k < classes; k++)
      mixed[n * classes + k] =
        raters === 0 ? Number.NaN : totals[n] > 0 ? mixed[n * classes + k] / totals[n] : row[k] / raters;
  }
  return mixed;
}
