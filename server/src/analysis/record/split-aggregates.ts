import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import type { SplitAnalysis } from './analyse-split.js';
import type { HumanLabels } from './human-labels.js';
import { calibration, type CalibrationNumbers } from '../../metrics/calibration.js';
import { confusionCounts, expectedConfusion } from '../../metrics/confusion.js';
import { histogram } from '../../metrics/histogram.js';
import { mean, summarise } from '../../metrics/summary.js';
import type { Fusion } from './measured-sample.js';
import { isKnown, opinionDistributions, rowOf } from './opinion-labels.js';
import type { ClassAttentionNumbers, SplitAggregates, Spread } from './split-aggregates.entity.js';
import { Opinion } from './vocabulary.js';

export const opinions = Object.values(Opinion);
/** Opinions that are the highest class of a distribution. */
export const distributedOpinions = [Opinion.VOTES, Opinion.AUXILIARY, Opinion.FUSED, Opinion.TARGET] as const;
const branches = [Opinion.AUXILIARY, Opinion.FUSED, Opinion.TARGET] as const;
const references = [Opinion.GIVEN, Opinion.CLEAN, Opinion.VOTES] as const;

const lowest = 0.05;
const highest = 0.95;
export const attentionBins = 20;

/** All that is counted over a split after an epoch. */
export function aggregateSplit(
  outputs: SplitOutputs,
  analysis: SplitAnalysis,
  classes: number,
  fusion: Fusion,
  human: HumanLabels,
): Omit<SplitAggregates, 'epochRow' | 'epoch' | 'split'> {
  const { labels, measures } = analysis;
  const distributions = Object.fromEntries(
    distributedOpinions.map((opinion) => [opinion, opinionDistributions(opinion, outputs, classes, fusion, human)!]),
  ) as Record<(typeof distributedOpinions)[number], ArrayLike<number>>;
  const truths = references.map((reference) => truthOf(reference, labels, human, classes));
  const calibrated = branches.flatMap((branch) =>
    references.map((reference, place): [string, CalibrationNumbers | null] => [
      `${branch} ${reference}`,
      calibration(distributions[branch], classes, (n) =>
        Number.isNaN(distributions[branch][n * classes]) ? null : truths[place](n),
      ),
    ]),
  );
  return {
    counts: opinions.flatMap((rows) =>
      opinions.flatMap((columns) => confusionCounts(labels[rows], labels[columns], classes).flat()),
    ),
    expected: opinions.flatMap((rows) =>
      distributedOpinions.flatMap((columns) =>
        expectedConfusion(
          whereKnown(labels[rows], distributions[columns], classes),
          distributions[columns],
          classes,
        ).flat(),
      ),
    ),
    calibration: Object.fromEntries(calibrated),
    attention: Array.from({ length: classes }, (_, k) =>
      attentionOfClass(measures.ATTENTION.filter((w, n) => labels.GIVEN[n] === k && !Number.isNaN(w))),
    ),
    spread: spreadOf(outputs, measures.ATTENTION, classes),
  };
}

/** Labels of samples whose distribution was recorded; -1 of others. */
function whereKnown(labels: Int16Array, distributions: ArrayLike<number>, classes: number): Int16Array {
  const known = labels.slice();
  for (let n = 0; n < known.length; n++) if (Number.isNaN(distributions[n * classes])) known[n] = -1;
  return known;
}

/** What sample n is held to be, `[C]`. */
function truthOf(
  reference: (typeof references)[number],
  labels: SplitAnalysis['labels'],
  human: HumanLabels,
  classes: number,
): (n: number) => ArrayLike<number> | null {
  if (reference === Opinion.VOTES) return (n) => human.votes[n] ?? null;
  const certain = Array.from({ length: classes }, (_, k) =>
    Array.from({ length: classes }, (_value, j) => Number(j === k)),
  );
  return (n) => certain[labels[reference][n]] ?? null;
}

function attentionOfClass(w: Float64Array): ClassAttentionNumbers | null {
  return w.length > 0 ? { samples: w.length, ...summarise(w), histogram: histogram(w, 0, 1, attentionBins) } : null;
}

function spreadOf(outputs: SplitOutputs, w: Float64Array, classes: number): Spread {
  const samples = w.length;
  if (samples === 0 || !isKnown(rowOf(outputs.labelDistributions, 0, classes)))
    return { labelVariance: null, ...extremesOf(w) };
  let labelVariance = 0;
  for (let k = 0; k < classes; k++) {
    const column = Float64Array.from({ length: samples }, (_, n) => rowOf(outputs.labelDistributions, n, classes)[k]);
    const centre = mean(column);
    labelVariance += mean(column.map((value) => (value - centre) ** 2));
  }
  return { labelVariance, ...extremesOf(w) };
}

function extremesOf(w: Float64Array): Pick<Spread, 'lowAttention' | 'highAttention'> {
  if (w.length === 0 || Number.isNaN(w[0])) return { lowAttention: null, highAttention: null };
  return {
    lowAttention: w.filter((value) => value < lowest).length / w.length,
    highAttention: w.filter((value) => value > highest).length / w.length,
  };
}
