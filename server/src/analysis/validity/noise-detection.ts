import { take } from '../../metrics/bootstrap.js';
import { calibrateJoint, noiseRates, wrongLabels } from '../../metrics/noise-rates.js';
import {
  confidentClasses,
  confidentJoint,
  confidentThresholds,
  suggestedClass,
} from '../../metrics/confident-learning.js';
import { bootstrapTogether, type DetectionNumbers, intervalOf, RankedScore } from '../../metrics/detection.js';
import { reviewsNeeded } from '../../metrics/review-budget.js';
import type { StoredMeasure } from '../record/measure.js';
import { rowOf } from '../record/opinion-labels.js';
import type { ConfidentRule } from '../record/vocabulary.js';
import type { WithInterval } from './ambiguity-validity.js';
import type { JudgedSamples } from './judged-samples.js';
import { scoresOf, type SplitNumbers } from './split-numbers.js';

/** Shares of the wrong labels that a review is planned for. */
const plannedShares = [0.5, 0.8, 0.95] as const;

/** Of one score, each number with its interval; null where all samples are of one kind. */
export interface ScoreNumbers {
  measure: StoredMeasure;
  auroc: WithInterval | null;
  averagePrecision: WithInterval | null;
  precision: WithInterval | null;
  recall: WithInterval | null;
}

export interface NoiseDetectionNumbers {
  /** Samples whose clean label is known, and of those the ones labelled otherwise. */
  samples: number;
  wrong: number;
  scores: ScoreNumbers[];
  suspected: number;
  precision: number | null;
  recall: number | null;
}

const seed = 1;

/** What is needed of the samples of a split to say how well wrong labels are found. */
export function judgedSamples(numbers: SplitNumbers): JudgedSamples {
  const { human, outputs, analysis, classes } = numbers;
  return {
    classes,
    labels: outputs.labels,
    clean: human.clean,
    confidentLabel: analysis.confidentLabel,
    targetDistributions: outputs.targetDistributions,
    scores: scoresOf(numbers),
  };
}

/** How well each score finds labels that are known to be wrong; null where no clean label is known. */
export function measureDetection(judged: JudgedSamples): NoiseDetectionNumbers | null {
  const ranked = rankScores(judged);
  if (!ranked) return null;
  const drawn = bootstrapTogether(
    ranked.chosen.length,
    seed,
    ranked.scores.map(
      ({ score }) =>
        (weights: Uint16Array) =>
          score.measure(weights),
    ),
  );
  return {
    ...countSuspects(judged, ranked.chosen),
    scores: ranked.scores.map(({ measure, score }, place) => ({
      measure,
      ...withDraws(score.measure(null), drawn[place]),
    })),
  };
}

/** Samples whose clean label is known, and the scores over them, sorted; null where there is none. */
export function rankScores(
  judged: JudgedSamples,
): { chosen: Int32Array; scores: { measure: StoredMeasure; score: RankedScore }[] } | null {
  const { labels, clean, confidentLabel } = judged;
  const chosen = Int32Array.from(labels.keys()).filter((n) => clean[n] >= 0);
  if (chosen.length === 0) return null;
  const wrong = Uint8Array.from(chosen, (n) => Number(clean[n] !== labels[n]));
  const suspected = chosen.reduce((sum, n) => sum + Number(confidentLabel[n] >= 0), 0);
  const scores = judged.scores.map(({ measure, values }) => ({
    measure,
    score: new RankedScore(take(values, chosen), wrong, suspected),
  }));
  return { chosen, scores };
}

/** What confident learning finds among samples whose clean label is known. */
export function countSuspects(
  { labels, clean, confidentLabel }: JudgedSamples,
  chosen: Int32Array,
): Omit<NoiseDetectionNumbers, 'scores'> {
  const wrong = chosen.filter((n) => clean[n] !== labels[n]).length;
  const suspects = chosen.filter((n) => confidentLabel[n] >= 0);
  const hits = suspects.filter((n) => clean[n] !== labels[n]).length;
  return {
    samples: chosen.length,
    wrong,
    suspected: suspects.length,
    precision: suspects.length > 0 ? hits / suspects.length : null,
    recall: wrong > 0 ? hits / wrong : null,
  };
}

/** Each number with the interval of its draws. */
export function withDraws(whole: DetectionNumbers, drawn: readonly DetectionNumbers[]): Omit<ScoreNumbers, 'measure'> {
  const estimate = (name: keyof DetectionNumbers): WithInterval | null => {
    const value = whole[name];
    return value === null ? null : { value, interval: intervalOf(drawn.map((draw) => draw[name])) };
  };
  return {
    auroc: estimate('auroc'),
    averagePrecision: estimate('averagePrecision'),
    precision: estimate('precision'),
    recall: estimate('recall'),
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
export function measureJoint(
  { targetDistributions, labels, classes }: Pick<JudgedSamples, 'targetDistributions' | 'labels' | 'classes'>,
  rule: ConfidentRule,
): JointNumbers {
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
  const { wrong } = measureJoint({ targetDistributions, labels, classes }, 'CLEANLAB' as ConfidentRule);
  return total > 0 ? doubts.map((doubt) => Math.min(1, (doubt * wrong) / total)) : doubts;
}
