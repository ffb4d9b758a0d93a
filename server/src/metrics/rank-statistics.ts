import { argsort, ranksOf } from './order.js';

/** Spearman's rank correlation, ties sharing the mean of their ranks: in [-1, 1]; null where one of the two is constant. */
export function spearman(x: Float64Array, y: Float64Array): number | null {
  return pearson(ranksOf(x), ranksOf(y));
}

/** Pearson's correlation: in [-1, 1]; null where one of the two is constant, or there are fewer than two. */
function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const samples = x.length;
  let [meanX, meanY] = [0, 0];
  for (let n = 0; n < samples; n++) {
    meanX += x[n] / samples;
    meanY += y[n] / samples;
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let n = 0; n < samples; n++) {
    const [a, b] = [x[n] - meanX, y[n] - meanY];
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  return xx > 0 && yy > 0 ? Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy))) : null;
}

/** Kendall's tau-b: in [-1, 1]; null where one of the two is constant. Knight's algorithm, in N log N. */
export function kendall(x: Float64Array, y: Float64Array): number | null {
  const samples = x.length;
  const order = argsort(x, argsort(y));
  const sorted = Float64Array.from(order, (place) => y[place]);
  const both = tiedPairs(samples, (n) => x[order[n]] === x[order[n - 1]] && sorted[n] === sorted[n - 1]);
  const ofX = tiedPairs(samples, (n) => x[order[n]] === x[order[n - 1]]);
  const inversions = sortCounting(sorted);
  const ofY = tiedPairs(samples, (n) => sorted[n] === sorted[n - 1]);
  const pairs = (samples * (samples - 1)) / 2;
  const untied = Math.sqrt(pairs - ofX) * Math.sqrt(pairs - ofY);
  return untied > 0 ? (pairs - ofX - ofY + both - 2 * inversions) / untied : null;
}

function tiedPairs(samples: number, tied: (n: number) => boolean): number {
  let [pairs, run] = [0, 1];
  for (let n = 1; n <= samples; n++) {
    if (n < samples && tied(n)) {
      run++;
      continue;
    }
    pairs += (run * (run - 1)) / 2;
    run = 1;
  }
  return pairs;
}

/** Sorts by merging, in place; gives the pairs that stood the wrong way round. */
function sortCounting(values: Float64Array): number {
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(values.length);
  let inversions = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let first = 0; first < values.length; first += 2 * width) {
      const middle = Math.min(first + width, values.length);
      const end = Math.min(first + 2 * width, values.length);
      let [a, b] = [first, middle];
      for (let n = first; n < end; n++) {
        if (b >= end || (a < middle && from[a] <= from[b])) to[n] = from[a++];
        else {
          inversions += middle - a;
          to[n] = from[b++];
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return inversions;
}

/**
 * Area under the ROC curve: how likely a positive scores above a negative, ties counting half. In [0, 1]; null without
 * positives or negatives. `positive` is 1 or 0, `[N]`.
 */
export function auroc(scores: Float64Array, positive: ArrayLike<number>): number | null {
  const ranks = ranksOf(scores);
  let [positives, sum] = [0, 0];
  for (let n = 0; n < ranks.length; n++) {
    if (!positive[n]) continue;
    positives++;
    sum += ranks[n];
  }
  const negatives = scores.length - positives;
  return positives > 0 && negatives > 0 ? (sum - (positives * (positives + 1)) / 2) / (positives * negatives) : null;
}

/**
 * Area under the precision-recall curve as scikit-learn's `average_precision_score`: sum over thresholds of the gain in
 * recall times the precision. In [0, 1]; null without positives. Its base rate is the share of positives.
 */
export function averagePrecision(scores: Float64Array, positive: ArrayLike<number>): number | null {
  const order = argsort(scores);
  let [found, area, taken] = [0, 0, 0];
  let gained = 0;
  for (let n = order.length - 1; n >= 0; n--) {
    taken++;
    if (positive[order[n]]) gained++;
    const tied = n > 0 && scores[order[n - 1]] === scores[order[n]];
    if (tied) continue;
    area += gained * ((found + gained) / taken);
    found += gained;
    gained = 0;
  }
  return found > 0 ? area / found : null;
}

/** 1 where a value is in the top third, 0 in the bottom third; the places of the middle third are left out. */
export function outerThirds(values: Float64Array): { places: Int32Array; top: Uint8Array } {
  const order = argsort(values);
  const third = Math.floor(order.length / 3);
  const places = Int32Array.from([...order.subarray(0, third), ...order.subarray(order.length - third)]);
  return { places, top: Uint8Array.from(places, (_, n) => Number(n >= third)) };
}
