import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import type { HumanLabels } from './human-labels.js';
import { storedMeasures, type StoredMeasure } from './measure.js';
import { argmax } from '../../metrics/argmax.js';
import { accuracy, balancedAccuracy, classScores, macroF1 } from '../../metrics/classification.js';
import { confidentThresholds, suggestedClass } from '../../metrics/confident-learning.js';
import { confusionCounts } from '../../metrics/confusion.js';
import { jensenShannon, klOfLabel, kullbackLeibler } from '../../metrics/distances.js';
import {
  afterEpoch,
  correctnessOf,
  forgettingOf,
  logitMargin,
  untrained,
  type Dynamics,
  type EpochOfSample,
} from '../../metrics/dynamics.js';
import { entropy } from '../../metrics/entropy.js';
import { fusionWeight } from '../../metrics/fusion.js';
import { confidenceWeightedEntropy, normalisedMargin, selfConfidence } from '../../metrics/label-quality.js';
import { ambiguityRatio, margin } from '../../metrics/margin.js';
import { mean, summarise } from '../../metrics/summary.js';
import { attentionOf, fusedOf, opinionLabels, rowOf, type Fusion } from './opinion-labels.js';
import type { SplitMetrics } from './split-metrics.entity.js';
import { Opinion } from './vocabulary.js';

/** Numbers of the N samples of a split after an epoch, `[N]` each. */
export interface SplitAnalysis {
  /** Class indices by who says so; -1 where there is no opinion. */
  labels: Record<Opinion, Int16Array>;
  /** What confident learning would label a sample instead, with the thresholds of the split; -1 where it would not. */
  confidentLabel: Int16Array;
  /** NaN where there are no votes. */
  measures: Record<StoredMeasure, Float64Array>;
}

/** `before` are the dynamics after the epoch before, `[N]`; null after the first one. */
export function analyseSplit(
  outputs: SplitOutputs,
  classes: number,
  fusion: Fusion,
  human: HumanLabels,
  before: readonly Dynamics[] | null,
): SplitAnalysis {
  const label = (n: number): Float32Array => rowOf(outputs.labelDistributions, n, classes);
  const target = (n: number): Float32Array => rowOf(outputs.targetDistributions, n, classes);
  const labels = Object.fromEntries(
    Object.values(Opinion).map((opinion) => [opinion, opinionLabels(opinion, outputs, classes, fusion, human)]),
  ) as Record<Opinion, Int16Array>;
  const measures = emptyMeasures(outputs.sampleRows.length);
  for (let n = 0; n < outputs.sampleRows.length; n++) {
    const y = outputs.labels[n]!;
    measureNetwork(measures, n, { p: label(n), target: target(n), y });
    const w = attentionOf(outputs, n);
    measures.AUXILIARY_ATTENTION[n] = outputs.auxiliaryAttention[n]!;
    measures.TARGET_ATTENTION[n] = outputs.targetAttention[n]!;
    measures.ATTENTION[n] = w;
    measures.FUSION_WEIGHT[n] = fusionWeight(w, fusion.range, fusion.bounds);
    const votes = human.votes[n];
    if (votes)
      measureVotes(measures, n, votes, {
        LABEL: label(n),
        FUSED: fusedOf(outputs, n, classes, fusion),
        TARGET: target(n),
      });
    measureDynamics(measures, n, afterEpoch(before?.[n] ?? untrained, epochOf(target(n), y)));
  }
  const thresholds = confidentThresholds(outputs.targetDistributions, outputs.labels, classes);
  const confidentLabel = outputs.labels.map((y, n) => suggestedClass(target(n), y, thresholds));
  return { labels, confidentLabel, measures };
}

/** What an epoch says of a given label y. */
export function epochOf(target: ArrayLike<number>, y: number): EpochOfSample {
  return {
    selfConfidence: selfConfidence(target, y),
    logitMargin: logitMargin(target, y),
    correct: argmax(target) === y,
  };
}

function emptyMeasures(samples: number): SplitAnalysis['measures'] {
  return Object.fromEntries(
    storedMeasures.map((measure) => [measure, new Float64Array(samples).fill(Number.NaN)]),
  ) as SplitAnalysis['measures'];
}

function measureNetwork(
  measures: SplitAnalysis['measures'],
  n: number,
  { p, target, y }: { p: Float32Array; target: Float32Array; y: number },
): void {
  measures.ENTROPY[n] = entropy(p);
  measures.MARGIN[n] = margin(target);
  measures.AMBIGUITY_RATIO[n] = ambiguityRatio(target);
  measures.SELF_CONFIDENCE[n] = selfConfidence(target, y);
  measures.NORMALISED_MARGIN[n] = normalisedMargin(target, y);
  measures.CONFIDENCE_WEIGHTED_ENTROPY[n] = confidenceWeightedEntropy(target, y);
  measures.GIVEN_LABEL_KL[n] = klOfLabel(p, y);
}

function measureVotes(
  measures: SplitAnalysis['measures'],
  n: number,
  votes: number[],
  network: Record<'LABEL' | 'FUSED' | 'TARGET', ArrayLike<number>>,
): void {
  measures.VOTES_ENTROPY[n] = entropy(votes);
  for (const kind of ['LABEL', 'FUSED', 'TARGET'] as const) {
    measures[`VOTES_KL_${kind}`][n] = kullbackLeibler(votes, network[kind]);
    measures[`VOTES_JS_${kind}`][n] = jensenShannon(votes, network[kind]);
  }
}

function measureDynamics(measures: SplitAnalysis['measures'], n: number, dynamics: Dynamics): void {
  measures.CONFIDENCE[n] = dynamics.confidence;
  measures.VARIABILITY[n] = dynamics.variability;
  measures.CORRECTNESS[n] = correctnessOf(dynamics);
  measures.FORGETTING_EVENTS[n] = forgettingOf(dynamics) ?? Number.NaN;
  measures.AUM[n] = dynamics.aum;
}

/** The measures of at least one sample. `classes` are the names, `[C]`. */
export function measureSplit(
  analysis: SplitAnalysis,
  classes: readonly string[],
): Omit<SplitMetrics, 'runRow' | 'run' | 'epoch' | 'split'> {
  const { labels, measures } = analysis;
  const againstGiven = (opinion: Opinion): number[][] => confusionCounts(labels.GIVEN, labels[opinion], classes.length);
  const target = againstGiven(Opinion.TARGET);
  return {
    samples: labels.GIVEN.length,
    accuracy: accuracy(target)!,
    auxiliaryAccuracy: accuracy(againstGiven(Opinion.AUXILIARY))!,
    cleanAccuracy: accuracy(confusionCounts(labels.CLEAN, labels.TARGET, classes.length)),
    balancedAccuracy: balancedAccuracy(target)!,
    macroF1: macroF1(target)!,
    labelEntropy: mean(measures.ENTROPY),
    votesKlLabel: meanOfKnown(measures.VOTES_KL_LABEL),
    votesKlFused: meanOfKnown(measures.VOTES_KL_FUSED),
    votesKlTarget: meanOfKnown(measures.VOTES_KL_TARGET),
    attention: summarise(measures.ATTENTION),
    perClass: classScores(target).map((scores, k) => ({ class: classes[k]!, ...scores })),
  };
}

/** Null where every value is NaN. */
function meanOfKnown(values: Float64Array): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length > 0 ? mean(known) : null;
}
