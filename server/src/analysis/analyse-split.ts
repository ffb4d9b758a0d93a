import type { SplitOutputs } from '../training/epoch-result.js';
import { votesLabel, type HumanLabels } from './human-labels.js';
import { argmax } from './metrics/argmax.js';
import { accuracy, balancedAccuracy, classScores, macroF1 } from './metrics/classification.js';
import { confusionCounts } from './metrics/confusion.js';
import { kullbackLeibler } from './metrics/distances.js';
import { entropy } from './metrics/entropy.js';
import { fusedDistribution, fusionWeight, meanAttention, type FusionBounds } from './metrics/fusion.js';
import { selfConfidence } from './metrics/label-quality.js';
import { margin } from './metrics/margin.js';
import { mean, summarise } from './metrics/summary.js';
import type { SplitMetrics } from './split-metrics.entity.js';
import { Opinion } from './vocabulary.js';

/** What turns outputs of an epoch into fused distributions. */
export interface Fusion {
  /** L after the epoch, `[C * C]` row-major. */
  classDistributions: Float32Array;
  /** [lowest, highest] mean attention w over the split. */
  range: readonly [number, number];
  bounds: FusionBounds;
}

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
  const samples = outputs.sampleRows.length;
  const analysis = emptyAnalysis(outputs, human);
  for (let n = 0; n < samples; n++) {
    const y = outputs.labels[n]!;
    const label = outputs.labelDistributions.subarray(n * classes, (n + 1) * classes);
    const target = outputs.targetDistributions.subarray(n * classes, (n + 1) * classes);
    const w = meanAttention(outputs.auxiliaryAttention[n]!, outputs.targetAttention[n]!);
    const v = fusionWeight(w, fusion.range, fusion.bounds);
    const fused = fusedDistribution(label, fusion.classDistributions.subarray(y * classes, (y + 1) * classes), v);
    analysis.labels.AUXILIARY[n] = argmax(label);
    analysis.labels.FUSED[n] = argmax(fused);
    analysis.labels.TARGET[n] = argmax(target);
    analysis.entropy[n] = entropy(label);
    analysis.margin[n] = margin(target);
    analysis.selfConfidence[n] = selfConfidence(target, y);
    analysis.attention[n] = w;
    analysis.fusionWeight[n] = v;
    const votes = human.votes[n] ?? null;
    analysis.votesKl.label[n] = votes ? kullbackLeibler(votes, label) : NaN;
    analysis.votesKl.fused[n] = votes ? kullbackLeibler(votes, fused) : NaN;
    analysis.votesKl.target[n] = votes ? kullbackLeibler(votes, target) : NaN;
  }
  return analysis;
}

function emptyAnalysis(outputs: SplitOutputs, human: HumanLabels): SplitAnalysis {
  const samples = outputs.sampleRows.length;
  return {
    labels: {
      [Opinion.GIVEN]: outputs.labels,
      [Opinion.CLEAN]: human.clean,
      [Opinion.VOTES]: Int16Array.from(human.votes, votesLabel),
      [Opinion.AUXILIARY]: new Int16Array(samples),
      [Opinion.FUSED]: new Int16Array(samples),
      [Opinion.TARGET]: new Int16Array(samples),
    },
    entropy: new Float64Array(samples),
    margin: new Float64Array(samples),
    selfConfidence: new Float64Array(samples),
    attention: new Float64Array(samples),
    fusionWeight: new Float64Array(samples),
    votesKl: { label: new Float64Array(samples), fused: new Float64Array(samples), target: new Float64Array(samples) },
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
