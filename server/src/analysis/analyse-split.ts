import type { SplitOutputs } from '../training/epoch-result.js';
import type { HumanLabels } from './human-labels.js';
import { accuracy, balancedAccuracy, classScores, macroF1 } from './metrics/classification.js';
import { confusionCounts } from './metrics/confusion.js';
import { kullbackLeibler } from './metrics/distances.js';
import { entropy } from './metrics/entropy.js';
import { fusionWeight } from './metrics/fusion.js';
import { selfConfidence } from './metrics/label-quality.js';
import { margin } from './metrics/margin.js';
import { mean, summarise } from './metrics/summary.js';
import { attentionOf, fusedOf, opinionLabels, rowOf, type Fusion } from './opinion-labels.js';
import type { SplitMetrics } from './split-metrics.entity.js';
import { Opinion } from './vocabulary.js';

/** Numbers of the N samples of a split after an epoch, `[N]` each. */
export interface SplitAnalysis {
  /** Class indices by who says so; -1 where there is no opinion. */
  labels: Record<Opinion, Int16Array>;
  /** Of the label distribution, in nats. */
  entropy: Float64Array;
  /** Of the target distribution. */
  margin: Float64Array;
  /** Target distribution at the given label. */
  selfConfidence: Float64Array;
  /** w */
  attention: Float64Array;
  /** v */
  fusionWeight: Float64Array;
  /** KL(votes || distribution) in nats; NaN without votes. */
  votesKl: { label: Float64Array; fused: Float64Array; target: Float64Array };
}

export function analyseSplit(outputs: SplitOutputs, classes: number, fusion: Fusion, human: HumanLabels): SplitAnalysis {
  const perSample = (number: (n: number) => number): Float64Array => Float64Array.from({ length: outputs.sampleRows.length }, (_, n) => number(n));
  const label = (n: number): Float32Array => rowOf(outputs.labelDistributions, n, classes);
  const target = (n: number): Float32Array => rowOf(outputs.targetDistributions, n, classes);
  const votesKl = (distribution: (n: number) => ArrayLike<number>): Float64Array =>
    perSample((n) => {
      const votes = human.votes[n];
      return votes ? kullbackLeibler(votes, distribution(n)) : NaN;
    });
  const attention = perSample((n) => attentionOf(outputs, n));
  return {
    labels: Object.fromEntries(Object.values(Opinion).map((opinion) => [opinion, opinionLabels(opinion, outputs, classes, fusion, human)])) as Record<Opinion, Int16Array>,
    entropy: perSample((n) => entropy(label(n))),
    margin: perSample((n) => margin(target(n))),
    selfConfidence: perSample((n) => selfConfidence(target(n), outputs.labels[n]!)),
    attention,
    fusionWeight: attention.map((w) => fusionWeight(w, fusion.range, fusion.bounds)),
    votesKl: { label: votesKl(label), fused: votesKl((n) => fusedOf(outputs, n, classes, fusion)), target: votesKl(target) },
  };
}

/** The measures of at least one sample. `classes` are the names, `[C]`. */
export function measureSplit(analysis: SplitAnalysis, classes: readonly string[]): Omit<SplitMetrics, 'runRow' | 'run' | 'epoch' | 'split'> {
  const { labels, votesKl } = analysis;
  const againstGiven = (opinion: Opinion): number[][] => confusionCounts(labels.GIVEN, labels[opinion], classes.length);
  const target = againstGiven(Opinion.TARGET);
  return {
    samples: labels.GIVEN.length,
    accuracy: accuracy(target)!,
    auxiliaryAccuracy: accuracy(againstGiven(Opinion.AUXILIARY))!,
    cleanAccuracy: accuracy(confusionCounts(labels.CLEAN, labels.TARGET, classes.length)),
    balancedAccuracy: balancedAccuracy(target)!,
    macroF1: macroF1(target)!,
    labelEntropy: mean(analysis.entropy),
    votesKlLabel: meanOfKnown(votesKl.label),
    votesKlFused: meanOfKnown(votesKl.fused),
    votesKlTarget: meanOfKnown(votesKl.target),
    attention: summarise(analysis.attention),
    perClass: classScores(target).map((scores, k) => ({ class: classes[k]!, ...scores })),
  };
}

/** Null where every value is NaN. */
function meanOfKnown(values: Float64Array): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length > 0 ? mean(known) : null;
}
