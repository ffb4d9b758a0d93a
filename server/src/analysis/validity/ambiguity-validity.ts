import { bootstrapInterval, type Interval, take } from '../../metrics/bootstrap.js';
import { intersection, jensenShannon, kullbackLeibler } from '../../metrics/distances.js';
import { entropy } from '../../metrics/entropy.js';
import { drawTruth, spearmanBrown, splitHalves } from '../../metrics/human-ceiling.js';
import { auroc, kendall, outerThirds, spearman } from '../../metrics/rank-statistics.js';
import { mean } from '../../metrics/summary.js';
import { randomFrom, type Random, shuffle } from '../../random.js';
import type { StoredMeasure } from '../record/measure.js';
import { sampleAt } from '../record/opinion-labels.js';
import { scoresOf, type SplitNumbers } from './split-numbers.js';

/** Samples that a ceiling is drawn from: more would not change its second decimal. */
const mostOfCeiling = 2000;
/** With fewer a correlation says nothing. */
export const fewestValid = 10;
const seed = 1;

type Distributions = 'LABEL' | 'FUSED' | 'TARGET';

export interface WithInterval {
  value: number;
  interval: Interval | null;
}

interface UncertaintyNumbers {
  measure: StoredMeasure;
  spearman: WithInterval | null;
  kendall: number | null;
  auroc: WithInterval | null;
}

interface AgreementNumbers {
  kullbackLeibler: number;
  jensenShannon: number;
  softMicroF1: number;
}

export interface ValidityNumbers {
  samples: number;
  meanVoters: number;
  uncertainties: UncertaintyNumbers[];
  distributions: (AgreementNumbers & { distribution: Distributions; interval: Interval | null })[];
  ceiling: AgreementNumbers & { spearman: number | null; auroc: number | null; splitHalf: number | null };
}

/**
 * How well a run tells which samples people disagree on, beside how well anybody could who knows the truth and is judged
 * by as few votes. `givenLabel` narrows it to a class; null with fewer than `fewestValid` samples with votes.
 */
export function measureValidity(numbers: SplitNumbers, givenLabel: number | null): ValidityNumbers | null {
  const { human, outputs, classes } = numbers;
  const chosen = Int32Array.from(outputs.labels.keys()).filter(
    (n) => human.votes[n] !== null && (givenLabel === null || outputs.labels[n] === givenLabel),
  );
  if (chosen.length < fewestValid) return null;
  const votes = Array.from(chosen, (n) => human.votes[n]).filter((known) => known !== null);
  const entropies = Float64Array.from(votes, entropy);
  return {
    samples: chosen.length,
    meanVoters: mean(Float64Array.from(chosen, (n) => human.voters[n])),
    uncertainties: scoresOf(numbers).map(({ measure, values }) =>
      againstVotes(measure, take(values, chosen), entropies),
    ),
    distributions: (['LABEL', 'FUSED', 'TARGET'] as const).flatMap((kind) => agreement(numbers, kind, chosen, votes)),
    ceiling: ceilingOf(numbers, chosen, classes),
  };
}

function againstVotes(measure: StoredMeasure, scores: Float64Array, entropies: Float64Array): UncertaintyNumbers {
  const { places, top } = outerThirds(entropies);
  const outer = take(scores, places);
  const whole = spearman(scores, entropies);
  const area = auroc(outer, top);
  return {
    measure,
    spearman: withInterval(whole, scores.length, (drawn) => spearman(take(scores, drawn), take(entropies, drawn))),
    kendall: kendall(scores, entropies),
    auroc: withInterval(area, outer.length, (drawn) =>
      auroc(
        take(outer, drawn),
        Uint8Array.from(drawn, (place) => top[place]),
      ),
    ),
  };
}

function withInterval(
  value: number | null,
  samples: number,
  statistic: (places: Int32Array) => number | null,
): WithInterval | null {
  return value === null ? null : { value, interval: bootstrapInterval(samples, seed, statistic) };
}

function agreement(
  { outputs, classes, fusion }: SplitNumbers,
  distribution: Distributions,
  chosen: Int32Array,
  votes: readonly ArrayLike<number>[],
): ValidityNumbers['distributions'] {
  const vectors = Array.from(chosen, (n) => {
    const sample = sampleAt(outputs, n, classes, fusion);
    return { LABEL: sample.recorded.label, FUSED: sample.fused, TARGET: sample.recorded.target }[distribution];
  });
  if (vectors.some((vector) => vector === null)) return [];
  const over = (measure: (u: ArrayLike<number>, v: ArrayLike<number>) => number): Float64Array =>
    Float64Array.from(vectors, (vector, n) => measure(votes[n], vector!));
  const overlap = over(intersection);
  return [
    {
      distribution,
      kullbackLeibler: mean(over(kullbackLeibler)),
      jensenShannon: mean(over(jensenShannon)),
      softMicroF1: mean(overlap),
      interval: bootstrapInterval(overlap.length, seed, (drawn) => mean(take(overlap, drawn))),
    },
  ];
}

function ceilingOf({ human }: SplitNumbers, chosen: Int32Array, classes: number): ValidityNumbers['ceiling'] {
  const random = randomFrom(seed);
  const some = shuffle(Int32Array.from(chosen), random).subarray(0, mostOfCeiling);
  const counts = new Float64Array(some.length * classes);
  some.forEach((n, place) =>
    human.votes[n]?.forEach((share, k) => (counts[place * classes + k] = Math.round(share * human.voters[n]))),
  );
  return { ...ceilingFrom(counts, classes, random), splitHalf: reliabilityOf(counts, classes, random) };
}

/** What a model that knows the truth would score against the votes; the votes as counts, `[N * C]`. */
export function ceilingFrom(
  counts: Float64Array,
  classes: number,
  random: Random,
): Omit<ValidityNumbers['ceiling'], 'splitHalf'> {
  const { truths, votes } = drawTruth(counts, classes, random);
  return scoresOfTruth(truths, votes, classes);
}

/** What true distributions score against vote distributions, `[N * C]` each. */
export function scoresOfTruth(
  truths: Float64Array,
  votes: Float64Array,
  classes: number,
): Omit<ValidityNumbers['ceiling'], 'splitHalf'> {
  const row = (matrix: Float64Array, n: number): Float64Array => matrix.subarray(n * classes, (n + 1) * classes);
  const each = (value: (n: number) => number): Float64Array =>
    Float64Array.from({ length: truths.length / classes }, (_, n) => value(n));
  const ofTruth = each((n) => entropy(row(truths, n)));
  const ofVotes = each((n) => entropy(row(votes, n)));
  const { places, top } = outerThirds(ofVotes);
  return {
    spearman: spearman(ofTruth, ofVotes),
    auroc: auroc(take(ofTruth, places), top),
    kullbackLeibler: mean(each((n) => kullbackLeibler(row(votes, n), row(truths, n)))),
    jensenShannon: mean(each((n) => jensenShannon(row(votes, n), row(truths, n)))),
    softMicroF1: mean(each((n) => intersection(row(votes, n), row(truths, n)))),
  };
}

/** Of the votes' entropy, from two halves of the votes and Spearman-Brown: in [0, 1]; null where halves do not agree. */
function reliabilityOf(counts: Float64Array, classes: number, random: Random): number | null {
  const [one, other] = splitHalves(counts, classes, random);
  const entropies = (half: Float64Array): Float64Array =>
    Float64Array.from({ length: counts.length / classes }, (_, n) =>
      entropy(half.subarray(n * classes, (n + 1) * classes)),
    );
  const halves = spearman(entropies(one), entropies(other));
  return halves === null ? null : spearmanBrown(halves);
}
