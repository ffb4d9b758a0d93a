import type { Random } from '../random.js';

/**
 * How high a model could score that knows the true distributions, against labels of only a few votes. Nobody knows the
 * truth, so it is drawn: votes of N samples give a Dirichlet prior for each plurality class (its mean, and its
 * concentration by moments), each sample's posterior gives a truth, and the truth gives as many votes as were cast. What
 * the drawn truths score against the drawn votes is the ceiling.
 */
export interface DrawnTruth {
  /** `[N * C]` row-major. */
  truths: Float64Array;
  /** Distributions of the votes drawn from them, `[N * C]`. */
  votes: Float64Array;
}

/** Votes of a class needed to say how sure its raters are; with fewer the classes are taken together. */
const fewestOfClass = 20;
const leastConcentration = 0.05;
const supportPoints = 800;
const iterations = 300;
const smallestShare = 1e-6;
const mostConcentration = 1000;

interface Prior {
  /** `[C]` */
  mean: Float64Array;
  concentration: number;
}

/** `counts` are votes, `[N * C]` row-major, at least one a sample. */
export function drawTruth(counts: ArrayLike<number>, classes: number, random: Random): DrawnTruth {
  const samples = counts.length / classes;
  const support = supportOf(counts, classes, random);
  const points = support.length / classes;
  const logs = support.map((value) => Math.log(Math.max(value, smallestShare)));
  const likelihoods = new Float64Array(samples * points);
  for (let n = 0; n < samples; n++) fillLikelihoods(likelihoods, counts, logs, n, classes);
  const weights = fitWeights(likelihoods, points);
  const truths = new Float64Array(samples * classes);
  const votes = new Float64Array(samples * classes);
  for (let n = 0; n < samples; n++) {
    const start = n * classes;
    const row = likelihoods.subarray(n * points, (n + 1) * points);
    const point = drawPoint(row, weights, random);
    let voters = 0;
    for (let k = 0; k < classes; k++) {
      truths[start + k] = support[point * classes + k];
      voters += counts[start + k];
    }
    for (let vote = 0; vote < voters; vote++) votes[start + drawClass(truths, start, classes, random)] += 1 / voters;
  }
  return { truths, votes };
}

/** Distributions that a truth may be, `[M * C]`: draws from the Dirichlet posteriors of samples taken at random. */
function supportOf(counts: ArrayLike<number>, classes: number, random: Random): Float64Array {
  const samples = counts.length / classes;
  const priors = priorsOf(counts, classes);
  const support = new Float64Array(supportPoints * classes);
  for (let point = 0; point < supportPoints; point++) {
    const start = random.integer(samples) * classes;
    const { mean, concentration } = priors[pluralityOf(counts, start, classes)];
    let total = 0;
    for (let k = 0; k < classes; k++) {
      const gamma = drawGamma(counts[start + k] + concentration * mean[k], random);
      support[point * classes + k] = gamma;
      total += gamma;
    }
    for (let k = 0; k < classes; k++) support[point * classes + k] /= total;
  }
  return support;
}

/** Of sample n under each point, the highest taken as 1. */
function fillLikelihoods(
  likelihoods: Float64Array,
  counts: ArrayLike<number>,
  logs: Float64Array,
  n: number,
  classes: number,
): void {
  const points = logs.length / classes;
  let highest = -Infinity;
  for (let point = 0; point < points; point++) {
    let log = 0;
    for (let k = 0; k < classes; k++) {
      const count = counts[n * classes + k];
      if (count > 0) log += count * logs[point * classes + k];
    }
    likelihoods[n * points + point] = log;
    highest = Math.max(highest, log);
  }
  for (let point = 0; point < points; point++)
    likelihoods[n * points + point] = Math.exp(likelihoods[n * points + point] - highest);
}

/** How much of the truth lies at each point: the most likely weights, by expectation and maximisation. */
function fitWeights(likelihoods: Float64Array, points: number): Float64Array {
  const samples = likelihoods.length / points;
  let weights = new Float64Array(points).fill(1 / points);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = new Float64Array(points);
    for (let n = 0; n < samples; n++) {
      const start = n * points;
      let total = 0;
      for (let point = 0; point < points; point++) total += weights[point] * likelihoods[start + point];
      for (let point = 0; point < points; point++)
        next[point] += (weights[point] * likelihoods[start + point]) / total / samples;
    }
    weights = next;
  }
  return weights;
}

function drawPoint(likelihoods: Float64Array, weights: Float64Array, random: Random): number {
  let total = 0;
  for (let point = 0; point < weights.length; point++) total += weights[point] * likelihoods[point];
  let left = random.uniform() * total;
  for (let point = 0; point < weights.length; point++) {
    left -= weights[point] * likelihoods[point];
    if (left < 0) return point;
  }
  return weights.length - 1;
}

function pluralityOf(counts: ArrayLike<number>, start: number, classes: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) if (counts[start + k] > counts[start + best]) best = k;
  return best;
}

/** A prior for each plurality class, `[C]`. */
function priorsOf(counts: ArrayLike<number>, classes: number): Prior[] {
  const samples = counts.length / classes;
  const members = Array.from({ length: classes }, (): number[] => []);
  for (let n = 0; n < samples; n++) members[pluralityOf(counts, n * classes, classes)].push(n);
  const all = priorOf(
    counts,
    classes,
    Array.from({ length: samples }, (_, n) => n),
  );
  return members.map((some) => (some.length >= fewestOfClass ? priorOf(counts, classes, some) : all));
}

/**
 * Mean and concentration a of a Dirichlet-multinomial by moments: with n votes the variance of a share is
 * m (1 - m) (n + a) / (n (a + 1)), summed over the classes.
 */
function priorOf(counts: ArrayLike<number>, classes: number, places: readonly number[]): Prior {
  const mean = new Float64Array(classes);
  let inverse = 0;
  const shares = places.map((n) => {
    const own = Float64Array.from({ length: classes }, (_, k) => counts[n * classes + k]);
    const voters = own.reduce((sum, count) => sum + count, 0);
    inverse += 1 / voters / places.length;
    return own.map((count) => count / voters);
  });
  for (const share of shares) share.forEach((value, k) => (mean[k] += value / shares.length));
  let variance = 0;
  for (const share of shares) share.forEach((value, k) => (variance += (value - mean[k]) ** 2 / shares.length));
  const spread = mean.reduce((sum, m) => sum + m * (1 - m), 0);
  // variance = spread (1 + a / n) / (a + 1): solved for a.
  const ratio = spread > 0 ? variance / spread : 1;
  const concentration = ratio > inverse ? (1 - ratio) / (ratio - inverse) : mostConcentration;
  return {
    mean: mean.map((m) => Math.max(m, 1e-6)),
    concentration: Math.min(mostConcentration, Math.max(leastConcentration, concentration)),
  };
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables", 2000; scale 1. */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * Math.max(random.uniform(), 2 ** -33) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    const u = Math.max(random.uniform(), 2 ** -33);
    if (v > 0 && Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(Math.max(random.uniform(), 2 ** -33)));
  return radius * Math.cos(2 * Math.PI * random.uniform());
}

function drawClass(truths: Float64Array, start: number, classes: number, random: Random): number {
  let left = random.uniform();
  for (let k = 0; k < classes; k++) {
    left -= truths[start + k];
    if (left < 0) return k;
  }
  return classes - 1;
}

/** Spearman and Brown: the reliability of whole votes from the correlation of halves; null for one that is not above 0. */
export function spearmanBrown(halves: number): number | null {
  return halves > 0 ? (2 * halves) / (1 + halves) : null;
}

/** Votes of N samples, `[N * C]`, dealt at random into two halves (of an odd number one vote is left out). */
export function splitHalves(counts: ArrayLike<number>, classes: number, random: Random): [Float64Array, Float64Array] {
  const halves: [Float64Array, Float64Array] = [new Float64Array(counts.length), new Float64Array(counts.length)];
  for (let start = 0; start < counts.length; start += classes) {
    const cast: number[] = [];
    for (let k = 0; k < classes; k++) for (let vote = 0; vote < counts[start + k]; vote++) cast.push(k);
    for (let n = cast.length - 1; n > 0; n--) {
      const other = random.integer(n + 1);
      [cast[n], cast[other]] = [cast[other], cast[n]];
    }
    const half = Math.floor(cast.length / 2);
    for (let n = 0; n < 2 * half; n++) halves[n % 2][start + cast[n]] += 1 / half;
  }
  return halves;
}
