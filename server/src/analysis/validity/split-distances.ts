import { bootstrapInterval, take } from '../../metrics/bootstrap.js';
import { mean } from '../../metrics/summary.js';
import { distanceFunctions } from '../record/distance-functions.js';
import { isKnown, sampleAt } from '../record/opinion-labels.js';
import { DistanceMeasure, DistributionKind } from '../record/vocabulary.js';
import type { WithInterval } from './ambiguity-validity.js';
import type { SplitNumbers } from './split-numbers.js';

const seed = 1;

export interface MeanDistance {
  from: DistributionKind;
  to: DistributionKind;
  measure: DistanceMeasure;
  samples: number;
  mean: WithInterval;
}

/**
 * Means of every distance from one distribution of each sample to each other one; those of which no sample has both are
 * left out.
 */
export function meanDistances(numbers: SplitNumbers, from: DistributionKind): MeanDistance[] {
  const vectors = vectorsOf(numbers);
  return Object.values(DistributionKind).flatMap((to) => {
    const places = Array.from(numbers.outputs.labels.keys()).filter(
      (n) => to !== from && vectors[from](n) !== null && vectors[to](n) !== null,
    );
    if (places.length === 0) return [];
    const pairs = places.map((n) => [vectors[from](n)!, vectors[to](n)!] as const);
    return Object.values(DistanceMeasure).map((measure): MeanDistance => {
      const values = Float64Array.from(pairs, ([u, v]) => distanceFunctions[measure](u, v));
      const interval = bootstrapInterval(values.length, seed, (drawn) => mean(take(values, drawn)));
      return { from, to, measure, samples: values.length, mean: { value: mean(values), interval } };
    });
  });
}

export interface ClassMeanDistance {
  /** Class index. */
  label: number;
  /** Samples with this given label whose truth is known. */
  samples: number;
  /** Mean of their true distributions, `[C]`; null without any. */
  truth: number[] | null;
  distances: { measure: DistanceMeasure; value: number }[];
}

/** How far each row of L is from the mean true distribution of the samples labelled so. */
export function classMeanDistances({ outputs, human, fusion, classes }: SplitNumbers): ClassMeanDistance[] {
  return Array.from({ length: classes }, (_, label) => {
    const truths = human.truth.filter((_, n) => outputs.labels[n] === label).filter((known) => known !== null);
    const row = fusion.classDistributions.subarray(label * classes, (label + 1) * classes);
    if (truths.length === 0) return { label, samples: 0, truth: null, distances: [] };
    const truth = Array.from({ length: classes }, (__, k) => mean(truths.map((known) => known[k])));
    const distances = isKnown(row)
      ? Object.values(DistanceMeasure).map((measure) => ({ measure, value: distanceFunctions[measure](truth, row) }))
      : [];
    return { label, samples: truths.length, truth, distances };
  });
}

/** Of sample n each distribution, `[C]`; null where it is not known. */
function vectorsOf({
  outputs,
  classes,
  fusion,
  human,
}: SplitNumbers): Record<DistributionKind, (n: number) => ArrayLike<number> | null> {
  const sample = (n: number): ReturnType<typeof sampleAt> => sampleAt(outputs, n, classes, fusion);
  return {
    [DistributionKind.LABEL]: (n) => sample(n).recorded.label,
    [DistributionKind.CLASS]: (n) => known(sample(n).classDistribution),
    [DistributionKind.FUSED]: (n) => sample(n).fused,
    [DistributionKind.TARGET]: (n) => sample(n).recorded.target,
    [DistributionKind.VOTES]: (n) => human.votes[n] ?? null,
    [DistributionKind.TRUE]: (n) => human.truth[n] ?? null,
  };
}

function known(values: Float32Array): Float32Array | null {
  return isKnown(values) ? values : null;
}
