import { type FusionBounds, fusionWeight } from './fusion.js';

/** Everything that decides the fused distributions of N samples. */
export interface SplitToFuse {
  /** p, `[N * C]` row-major; NaN where not known. */
  labelDistributions: Float32Array;
  /** y, `[N]`. */
  labels: ArrayLike<number>;
  /** L, `[C * C]` row-major. */
  classDistributions: Float32Array;
  /** What is stretched to v, `[N]`; NaN where not known. */
  scores: Float64Array;
  /** [lowest, highest] of the scores that v is stretched over. */
  range: readonly [number, number];
  bounds: FusionBounds;
  /** Vote distributions, `[N * C]`; NaN without votes. */
  votes: Float32Array;
}

/** `[N]` each; NaN and -1 where something that they follow from is not known. */
export interface FusedSplit {
  /** q, `[N * C]` row-major. */
  distributions: Float32Array;
  /** v */
  weights: Float32Array;
  /** Class with the highest q, of tied ones the first. */
  classes: Int16Array;
  /** Of q, in nats. */
  entropies: Float32Array;
  /** KL(votes || q) in nats, q clipped at machine epsilon; NaN without votes. */
  votesKl: Float32Array;
}

/** q = (1 - v) p + v L[y] of every sample of a split, and what follows from it: one pass, no allocation per sample. */
export function fuseSplit({
  labelDistributions,
  labels,
  classDistributions,
  scores,
  range,
  bounds,
  votes,
}: SplitToFuse): FusedSplit {
  const samples = labels.length;
  const classes = Math.sqrt(classDistributions.length);
  const fused = emptyFusion(samples, classes);
  for (let n = 0; n < samples; n++) {
    const v = fusionWeight(scores[n], range, bounds);
    const start = n * classes;
    fused.weights[n] = v;
    if (Number.isNaN(v) || Number.isNaN(labelDistributions[start])) continue;
    const row = labels[n] * classes;
    let [best, highest, entropy, divergence] = [-1, -Infinity, 0, 0];
    for (let k = 0; k < classes; k++) {
      const q = (1 - v) * labelDistributions[start + k] + v * classDistributions[row + k];
      fused.distributions[start + k] = q;
      if (q > highest) [best, highest] = [k, q];
      const log = Math.log(q > Number.EPSILON ? q : Number.EPSILON);
      if (q > 0) entropy -= q * log;
      const vote = votes[start + k];
      // NaN without votes, and stays so.
      divergence += vote > 0 ? vote * (Math.log(vote) - log) : vote;
    }
    if (Number.isNaN(highest)) continue;
    fused.classes[n] = best;
    fused.entropies[n] = Math.min(Math.log(classes), Math.max(0, entropy));
    fused.votesKl[n] = divergence > 0 ? divergence : divergence === divergence ? 0 : Number.NaN;
  }
  return fused;
}

function emptyFusion(samples: number, classes: number): FusedSplit {
  return {
    distributions: new Float32Array(samples * classes).fill(Number.NaN),
    weights: new Float32Array(samples),
    classes: new Int16Array(samples).fill(-1),
    entropies: new Float32Array(samples).fill(Number.NaN),
    votesKl: new Float32Array(samples).fill(Number.NaN),
  };
}

/** The samples whose fused distributions differ most between two fusions, those whose class flips first. */
export function largestChanges(before: FusedSplit, after: FusedSplit, most: number): number[] {
  const samples = before.classes.length;
  const classes = before.distributions.length / samples;
  const sizes = new Float64Array(samples);
  for (let n = 0; n < samples; n++) {
    let size = before.classes[n] === after.classes[n] ? 0 : 1;
    for (let k = n * classes; k < (n + 1) * classes; k++)
      size += Math.abs(before.distributions[k] - after.distributions[k]) / 2;
    sizes[n] = size > 0 ? size : 0;
  }
  return highestPlaces(sizes, most);
}

/** Places of the highest positive values, highest first, of ties the first: a bounded insertion, no sort of all. */
function highestPlaces(values: Float64Array, most: number): number[] {
  const kept: number[] = [];
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (value <= 0 || (kept.length === most && value <= values[kept[most - 1]])) continue;
    let place = kept.length;
    while (place > 0 && values[kept[place - 1]] < value) place--;
    kept.splice(place, 0, n);
    if (kept.length > most) kept.pop();
  }
  return kept;
}
