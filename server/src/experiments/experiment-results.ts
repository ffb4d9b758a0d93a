import { registerEnumType } from 'type-graphql';
import { seedOf } from '../random.js';
import { holm, type PairedSeeds, pairedSeeds, seedsToDecide, standardDeviation } from '../metrics/paired-seeds.js';
import { mean } from '../metrics/summary.js';

/** What an arm is measured by: a column of `SplitMetrics`. */
export enum ExperimentMeasure {
  ACCURACY = 'ACCURACY',
  BALANCED_ACCURACY = 'BALANCED_ACCURACY',
  MACRO_F1 = 'MACRO_F1',
  CLEAN_ACCURACY = 'CLEAN_ACCURACY',
  VOTES_KL_TARGET = 'VOTES_KL_TARGET',
  VOTES_KL_FUSED = 'VOTES_KL_FUSED',
}
registerEnumType(ExperimentMeasure, {
  name: 'ExperimentMeasure',
  description: 'What arms are measured by; see the fields of the same names of `SplitMetrics`.',
});

export interface MeasureFacts {
  /** Column of `split_metrics`. */
  column: string;
  label: string;
  /** Whether more is better. */
  rises: boolean;
  /** Shown as a percentage. */
  share: boolean;
}

export const measureFacts: Readonly<Record<ExperimentMeasure, MeasureFacts>> = {
  ACCURACY: { column: 'accuracy', label: 'accuracy', rises: true, share: true },
  BALANCED_ACCURACY: { column: 'balanced_accuracy', label: 'balanced accuracy', rises: true, share: true },
  MACRO_F1: { column: 'macro_f1', label: 'macro F1', rises: true, share: true },
  CLEAN_ACCURACY: { column: 'clean_accuracy', label: 'accuracy on clean labels', rises: true, share: true },
  VOTES_KL_TARGET: { column: 'votes_kl_target', label: 'KL(votes || target)', rises: false, share: false },
  VOTES_KL_FUSED: { column: 'votes_kl_fused', label: 'KL(votes || fused)', rises: false, share: false },
};

/** What a run of an arm came to; null while it has not, or where it failed or was deleted. */
interface ArmValue {
  seed: number;
  value: number | null;
}

export interface ArmValues {
  arm: string;
  baseline: string;
  values: readonly ArmValue[];
}

export interface ArmResult extends ArmValues {
  /** Of the seeds that have one; null without any. */
  mean: number | null;
  /** Null for fewer than two. */
  deviation: number | null;
  /** Less the baseline, over the seeds that both have; null for the baseline itself, and without such a seed. */
  difference: PairedSeeds | null;
  /** Wilcoxon's and the t test's p, corrected by Holm over the arms that are compared; null where not tested. */
  wilcoxonHolm: number | null;
  tHolm: number | null;
  /** Seeds that would decide the difference if it is as it seems. */
  seedsToDecide: number | null;
}

/** Of every arm: its values, and how it differs from its baseline on the same seeds. */
export function resultsOf(arms: readonly ArmValues[]): ArmResult[] {
  const byName = new Map(arms.map((arm) => [arm.arm, arm]));
  const compared = arms.map((arm) => {
    const baseline = byName.get(arm.baseline);
    const pairs = baseline && baseline !== arm ? differencesOf(arm, baseline) : [];
    return { arm, difference: pairs.length > 0 ? pairedSeeds(pairs, seedOf(arm.arm)) : null };
  });
  const wilcoxon = corrected(compared.map(({ difference }) => difference?.wilcoxon ?? null));
  const t = corrected(compared.map(({ difference }) => difference?.t ?? null));
  return compared.map(({ arm, difference }, n) => {
    const known = arm.values.flatMap(({ value }) => (value === null ? [] : [value]));
    const deviation = difference?.deviation ?? null;
    return {
      ...arm,
      mean: known.length > 0 ? mean(known) : null,
      deviation: known.length > 1 ? standardDeviation(known) : null,
      difference,
      wilcoxonHolm: wilcoxon[n],
      tHolm: t[n],
      seedsToDecide: difference && deviation !== null ? seedsToDecide(difference.mean, deviation) : null,
    };
  });
}

/** Arm less baseline, of the seeds that both have. */
function differencesOf(arm: ArmValues, baseline: ArmValues): number[] {
  const before = new Map(baseline.values.map(({ seed, value }) => [seed, value]));
  return arm.values.flatMap(({ seed, value }) => {
    const other = before.get(seed) ?? null;
    return value === null || other === null ? [] : [value - other];
  });
}

/** Holm over those that were tested. */
function corrected(values: readonly (number | null)[]): (number | null)[] {
  const tested = values.filter((value) => value !== null);
  const found = holm(tested);
  let place = 0;
  return values.map((value) => (value === null ? null : found[place++]));
}

const level = 0.05;

/**
 * The arm that is better than every other one of the same data, each by a paired t test at 5 %, corrected by Holm; null
 * where that is not decided.
 */
export function decidedBest(arms: readonly ArmValues[], rises: boolean): string | null {
  const means = arms.map(({ values }) => mean(values.flatMap(({ value }) => (value === null ? [] : [value]))));
  if (arms.length < 2 || means.some(Number.isNaN)) return null;
  const best = means.indexOf(rises ? Math.max(...means) : Math.min(...means));
  const tests = arms.flatMap((arm, n) => {
    if (n === best) return [];
    const pairs = differencesOf(arms[best], arm);
    return [pairs.length > 0 ? (pairedSeeds(pairs, 1).t ?? 1) : 1];
  });
  return holm(tests).every((p) => p < level) ? arms[best].arm : null;
}
