import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import type { SampleOutputs } from '../../runs/recorded/record-layout.js';
import { knownOf, type HumanLabels } from './human-labels.js';
import { measures, storedMeasures, type StoredMeasure } from './measure.js';
import { argmax } from '../../metrics/argmax.js';
import { accuracy, balancedAccuracy, classScores, macroF1 } from '../../metrics/classification.js';
import { confidentThresholds, suggestedClass } from '../../metrics/confident-learning.js';
import { confusionCounts } from '../../metrics/confusion.js';
import { afterEpoch, logitMargin, untrained, type Dynamics, type EpochOfSample } from '../../metrics/dynamics.js';
import { selfConfidence } from '../../metrics/label-quality.js';
import { mean, summarise } from '../../metrics/summary.js';
import type { Fusion } from './measured-sample.js';
import { isKnown, opinionLabels, rowOf, sampleAt } from './opinion-labels.js';
import type { SplitMetrics } from './split-metrics.entity.js';
import { Opinion } from './vocabulary.js';

/** Numbers of the N samples of a split after an epoch, `[N]` each. */
export interface SplitAnalysis {
  /** Class indices by who says so; -1 where there is no opinion. */
  labels: Record<Opinion, Int16Array>;
  /** What confident learning would label a sample instead, with the thresholds of the split; -1 where it would not. */
  confidentLabel: Int16Array;
  /** NaN where there are no votes, or what it follows from was not recorded. */
  measures: Record<StoredMeasure, Float64Array>;
}

/** What an epoch as a whole follows from: its rows of samples need all of `storedMeasures`. */
export const measuresOfEpochs = [
  'ATTENTION',
  'ENTROPY',
  'LOSS',
  'VOTES_KL_LABEL',
  'VOTES_KL_FUSED',
  'VOTES_KL_TARGET',
] as const satisfies readonly StoredMeasure[];

/**
 * @param before the dynamics after the epoch before by position, `[N]`; null after the first one.
 * @param wanted others stay NaN.
 */
export function analyseSplit(
  outputs: SplitOutputs,
  classes: number,
  fusion: Fusion,
  human: HumanLabels,
  before: readonly Dynamics[] | null,
  wanted: readonly StoredMeasure[] = storedMeasures,
): SplitAnalysis {
  const target = (n: number): Float32Array => rowOf(outputs.targetDistributions, n, classes);
  const labels = Object.fromEntries(
    Object.values(Opinion).map((opinion) => [opinion, opinionLabels(opinion, outputs, classes, fusion, human)]),
  ) as Record<Opinion, Int16Array>;
  const values = emptyMeasures(outputs.sampleRows.length);
  for (let n = 0; n < outputs.sampleRows.length; n++) {
    const place = outputs.positions?.[n] ?? n;
    const said = epochOf(saidOf(outputs, n, target(n)), outputs.labels[n]);
    const dynamics = afterEpoch(before?.[place] ?? untrained, said);
    const sample = sampleAt(outputs, n, classes, fusion, knownOf(human, n), dynamics);
    for (const measure of wanted) values[measure][n] = measures[measure].of(sample);
  }
  const thresholds = confidentThresholds(outputs.targetDistributions, outputs.labels, classes);
  const confidentLabel = outputs.labels.map((y, n) => suggestedClass(target(n), y, thresholds));
  return { labels, confidentLabel, measures: values };
}

type Prediction = Pick<SampleOutputs, 'targetDistribution' | 'prediction' | 'margin'>;

/** What an epoch says of a given label y; NaN where it was not recorded. */
export function epochOf(
  { targetDistribution, prediction, margin: recordedMargin }: Prediction,
  y: number,
): EpochOfSample {
  if (targetDistribution === null)
    return { selfConfidence: Number.NaN, logitMargin: recordedMargin ?? Number.NaN, correct: prediction === y };
  return {
    selfConfidence: selfConfidence(targetDistribution, y),
    logitMargin: logitMargin(targetDistribution, y),
    correct: argmax(targetDistribution) === y,
  };
}

/** Dynamics by position after an epoch; those of samples that it did not speak of stay. */
export function dynamicsAfter(outputs: SplitOutputs, classes: number, before: readonly Dynamics[]): Dynamics[] {
  const after = [...before];
  outputs.labels.forEach((y, n) => {
    const place = outputs.positions?.[n] ?? n;
    const said = saidOf(outputs, n, rowOf(outputs.targetDistributions, n, classes));
    after[place] = afterEpoch(before[place], epochOf(said, y));
  });
  return after;
}

function saidOf({ recorded }: SplitOutputs, n: number, target: Float32Array): Prediction {
  const prediction = recorded?.predictions?.[n] ?? null;
  return { targetDistribution: isKnown(target) ? target : null, prediction, margin: recorded?.margins?.[n] ?? null };
}

function emptyMeasures(samples: number): SplitAnalysis['measures'] {
  return Object.fromEntries(
    storedMeasures.map((measure) => [measure, new Float64Array(samples).fill(Number.NaN)]),
  ) as SplitAnalysis['measures'];
}

/** The measures of at least one sample. `classes` are the names, `[C]`. */
export function measureSplit(
  analysis: SplitAnalysis,
  classes: readonly string[],
): Omit<SplitMetrics, 'runRow' | 'run' | 'epoch' | 'split'> {
  const { labels, measures: values } = analysis;
  const againstGiven = (opinion: Opinion): number[][] => confusionCounts(labels.GIVEN, labels[opinion], classes.length);
  const target = againstGiven(Opinion.TARGET);
  const attention = withoutUnknown(values.ATTENTION);
  return {
    samples: labels.GIVEN.length,
    accuracy: accuracy(target)!,
    auxiliaryAccuracy: accuracy(againstGiven(Opinion.AUXILIARY)),
    cleanAccuracy: accuracy(confusionCounts(labels.CLEAN, labels.TARGET, classes.length)),
    balancedAccuracy: balancedAccuracy(target)!,
    macroF1: macroF1(target)!,
    labelEntropy: meanOfKnown(values.ENTROPY),
    loss: meanOfKnown(values.LOSS),
    votesKlLabel: meanOfKnown(values.VOTES_KL_LABEL),
    votesKlFused: meanOfKnown(values.VOTES_KL_FUSED),
    votesKlTarget: meanOfKnown(values.VOTES_KL_TARGET),
    attention: attention.length > 0 ? summarise(attention) : null,
    perClass: classScores(target).map((scores, k) => ({ class: classes[k], ...scores })),
  };
}

/** Null where every value is NaN. */
function meanOfKnown(values: Float64Array): number | null {
  const known = withoutUnknown(values);
  return known.length > 0 ? mean(known) : null;
}

function withoutUnknown(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}
