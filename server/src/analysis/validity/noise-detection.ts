import { take } from '../../metrics/bootstrap.js';
import { calibrateJoint, noiseRates, wrongLabels } from '../../metrics/noise-rates.js';
import {
  confidentClasses,
  confidentJoint,
  confidentThresholds,
  suggestedClass,
} from '../../metrics/confident-learning.js';
import { auroc, averagePrecision } from '../../metrics/rank-statistics.js';
import { reviewsNeeded } from '../../metrics/review-budget.js';
import type { StoredMeasure } from '../record/measure.js';
import { rowOf } from '../record/opinion-labels.js';
import type { ConfidentRule } from '../record/vocabulary.js';
import { type WithInterval, withInterval } from './ambiguity-validity.js';
import { scoresOf, type SplitNumbers } from './split-numbers.js';

/** Shares of the wrong labels that a review is planned for. */
export const plannedShares = [0.5, 0.8, 0.95] as const;

export interface DetectionNumbers {
  /** Samples whose clean label is known, and of those the ones labelled otherwise. */
  samples: number;
  wrong: number;
  scores: { measure: StoredMeasure; auroc: WithInterval | null; averagePrecision: WithInterval | null }[];
  suspected: number;
  precision: number | null;
  recall: number | null;
}

/** How well each score finds labels that are known to be wrong; null where no clean label is known. */
export function measureDetection(numbers: SplitNumbers): DetectionNumbers | null {
  const { human, outputs, analysis } = numbers;
  const chosen = Int32Array.from(outputs.labels.keys()).filter((n) => human.clean[n] >= 0);
  if (chosen.length === 0) return null;
  const wrong = Uint8Array.from(chosen, (n) => Number(human.clean[n] !== outputs.labels[n]));
  const total = wrong.reduce((sum, one) => sum + one, 0);
  const suspects = chosen.filter((n) => analysis.confidentLabel[n] >= 0);
  const hits = suspects.filter((n) => human.clean[n] !== outputs.labels[n]).length;
  const drawnWrong = (drawn: Int32Array): Uint8Array => Uint8Array.from(drawn, (place) => wrong[place]);
  return {
    samples: chosen.length,
    wrong: total,
    scores: scoresOf(numbers).map(({ measure, values }) => {
      const scores = take(values, chosen);
      return {
        measure,
        auroc: withInterval(auroc(scores, wrong), scores.length, (drawn) =>
          auroc(take(scores, drawn), drawnWrong(drawn)),
        ),
        averagePrecision: withInterval(averagePrecision(scores, wrong), scores.length, (drawn) =>
          averagePrecision(take(scores, drawn), drawnWrong(drawn)),
        ),
      };
    }),
    suspected: suspects.length,
    precision: suspects.length > 0 ? hits / suspects.length : null,
    recall: total > 0 ? hits / total : null,
  };
}

export interface JointNumbers {
  thresholds: (number | null)[];
  counts: number[][];
  calibrated: number[][];
  noiseRates: (number | null)[];
  wrong: number;
}

/** The confident joint of the target distributions of a split, with what follows from it. */
export function measureJoint({ outputs, classes }: SplitNumbers, rule: ConfidentRule): JointNumbers {
  const { targetDistributions, labels } = outputs;
  const thresholds = confidentThresholds(targetDistributions, labels, classes);
  const counts = confidentJoint(labels, confidentClasses(targetDistributions, thresholds, rule), classes);
  const labelCounts = Array.from({ length: classes }, (_, k) => labels.filter((label) => label === k).length);
  const calibrated = calibrateJoint(counts, labelCounts);
  return {
    thresholds: Array.from(thresholds, (value) => (Number.isNaN(value) ? null : value)),
    counts,
    calibrated,
    noiseRates: noiseRates(calibrated),
    wrong: wrongLabels(calibrated),
  };
}

export interface BudgetNumbers {
  /** Whether the wrong labels are known; else they are estimated. */
  known: boolean;
  wrong: number;
  orders: { measure: StoredMeasure; reviews: (number | null)[] }[];
  /** How likely each label is wrong, `[N]`; 1 or 0 where that is known. */
  likelihoods: Float64Array;
}

/**
 * How many samples have to be looked at, by each order, to find half, four fifths and 95 % of the wrong labels. Where
 * clean labels are not known, a suspected label is held to be wrong as likely as 1 - p_y says, scaled so that they come
 * to the number that the confident joint estimates.
 */
export function measureBudget(numbers: SplitNumbers): BudgetNumbers {
  const { human, outputs } = numbers;
  const known = human.clean.every((label) => label >= 0);
  const likelihoods = known
    ? Float64Array.from(outputs.labels, (label, n) => Number(human.clean[n] !== label))
    : likelyWrong(numbers);
  return {
    known,
    wrong: likelihoods.reduce((sum, one) => sum + one, 0),
    orders: scoresOf(numbers).map(({ measure, values }) => ({
      measure,
      reviews: plannedShares.map((share) => reviewsNeeded(values, likelihoods, share)),
    })),
    likelihoods,
  };
}

function likelyWrong(numbers: SplitNumbers): Float64Array {
  const { outputs, classes } = numbers;
  const { targetDistributions, labels } = outputs;
  const thresholds = confidentThresholds(targetDistributions, labels, classes);
  const doubts = Float64Array.from(labels, (label, n) => {
    const p = rowOf(targetDistributions, n, classes);
    return suggestedClass(p, label, thresholds) < 0 ? 0 : 1 - p[label];
  });
  const total = doubts.reduce((sum, doubt) => sum + doubt, 0);
  const { wrong } = measureJoint(numbers, 'CLEANLAB' as ConfidentRule);
  return total > 0 ? doubts.map((doubt) => Math.min(1, (doubt * wrong) / total)) : doubts;
}
