import { registerEnumType } from 'type-graphql';

export enum Measure {
  ENTROPY = 'ENTROPY',
  NORMALISED_ENTROPY = 'NORMALISED_ENTROPY',
  MARGIN = 'MARGIN',
  AMBIGUITY_RATIO = 'AMBIGUITY_RATIO',
  SELF_CONFIDENCE = 'SELF_CONFIDENCE',
  NORMALISED_MARGIN = 'NORMALISED_MARGIN',
  CONFIDENCE_WEIGHTED_ENTROPY = 'CONFIDENCE_WEIGHTED_ENTROPY',
  GIVEN_LABEL_KL = 'GIVEN_LABEL_KL',
  ATTENTION = 'ATTENTION',
  AUXILIARY_ATTENTION = 'AUXILIARY_ATTENTION',
  TARGET_ATTENTION = 'TARGET_ATTENTION',
  FUSION_WEIGHT = 'FUSION_WEIGHT',
  VOTES_ENTROPY = 'VOTES_ENTROPY',
  VOTES_KL_LABEL = 'VOTES_KL_LABEL',
  VOTES_KL_FUSED = 'VOTES_KL_FUSED',
  VOTES_KL_TARGET = 'VOTES_KL_TARGET',
  VOTES_JS_LABEL = 'VOTES_JS_LABEL',
  VOTES_JS_FUSED = 'VOTES_JS_FUSED',
  VOTES_JS_TARGET = 'VOTES_JS_TARGET',
  CONFIDENCE = 'CONFIDENCE',
  VARIABILITY = 'VARIABILITY',
  CORRECTNESS = 'CORRECTNESS',
  FORGETTING_EVENTS = 'FORGETTING_EVENTS',
  AUM = 'AUM',
}

export interface MeasureFacts {
  description: string;
  /** Lowest and highest value over C classes; null where there is no bound. */
  bounds: (classes: number) => readonly [number | null, number | null];
  unit?: 'nats';
  /** Follows from all epochs, not from one. */
  dynamic?: true;
  /** Null for a sample without votes. */
  ofVotes?: true;
  /** May be null, and in a list stands behind every value: a null is more than the highest. */
  unknownIsHighest?: true;
}

const share = (): readonly [number, number] => [0, 1];
const nats = (classes: number): readonly [number, number] => [0, Math.log(classes)];
const divergence = (): readonly [number, null] => [0, null];
const jensenShannon = (): readonly [number, number] => [0, Math.LN2];

/**
 * Every measure of one sample; its column in `sample_analysis` has its name in lower case, but for NORMALISED_ENTROPY,
 * which follows from ENTROPY.
 */
export const measureFacts: Readonly<Record<Measure, MeasureFacts>> = {
  ENTROPY: { description: 'Entropy of the label distribution in nats: [0, log C].', bounds: nats, unit: 'nats' },
  NORMALISED_ENTROPY: { description: 'ENTROPY / log C: [0, 1].', bounds: share },
  MARGIN: { description: 'Highest minus second highest value of the target distribution: [0, 1].', bounds: share },
  AMBIGUITY_RATIO: {
    description: 'Second highest divided by highest value of the target distribution: [0, 1], 1 is a tie.',
    bounds: share,
  },
  SELF_CONFIDENCE: {
    description:
      "Target distribution at the given label: [0, 1]. Lowest first lists suspicious labels (cleanlab's self-confidence).",
    bounds: share,
  },
  NORMALISED_MARGIN: {
    description: "(p_y - highest other p + 1) / 2 of the target distribution, cleanlab's: [0, 1].",
    bounds: share,
  },
  CONFIDENCE_WEIGHTED_ENTROPY: {
    description:
      "log(1 + s) / s with s = normalised entropy / p_y of the target distribution, cleanlab's: [0, 1). A certain prediction scores 0, be it right or wrong.",
    bounds: share,
  },
  GIVEN_LABEL_KL: {
    description:
      "KL(label distribution || one-hot given label) in nats, clipped at machine epsilon as PyLDL's: [0, 36.1]. Highest first lists suspicious labels.",
    bounds: divergence,
    unit: 'nats',
  },
  ATTENTION: {
    description: 'Mean attention w: (0, 1). Lowest first lists samples that the network distrusts.',
    bounds: share,
  },
  AUXILIARY_ATTENTION: { description: 'a1 of the auxiliary branch: (0, 1).', bounds: share },
  TARGET_ATTENTION: { description: 'a2 of the target branch: (0, 1).', bounds: share },
  FUSION_WEIGHT: {
    description: 'v, w scaled over the split: [minimumFusionWeight, maximumFusionWeight].',
    bounds: share,
  },
  VOTES_ENTROPY: {
    description: 'Entropy of the vote distribution in nats: [0, log C]. Null without votes.',
    bounds: nats,
    unit: 'nats',
    ofVotes: true,
  },
  VOTES_KL_LABEL: {
    description: 'KL(votes || label distribution) in nats. Null without votes.',
    bounds: divergence,
    unit: 'nats',
    ofVotes: true,
  },
  VOTES_KL_FUSED: {
    description: 'KL(votes || fused distribution) in nats. Null without votes.',
    bounds: divergence,
    unit: 'nats',
    ofVotes: true,
  },
  VOTES_KL_TARGET: {
    description: 'KL(votes || target distribution) in nats. Null without votes.',
    bounds: divergence,
    unit: 'nats',
    ofVotes: true,
  },
  VOTES_JS_LABEL: {
    description: 'Jensen-Shannon divergence of votes and label distribution: [0, log 2] nats. Null without votes.',
    bounds: jensenShannon,
    unit: 'nats',
    ofVotes: true,
  },
  VOTES_JS_FUSED: {
    description: 'Jensen-Shannon divergence of votes and fused distribution: [0, log 2] nats. Null without votes.',
    bounds: jensenShannon,
    unit: 'nats',
    ofVotes: true,
  },
  VOTES_JS_TARGET: {
    description: 'Jensen-Shannon divergence of votes and target distribution: [0, log 2] nats. Null without votes.',
    bounds: jensenShannon,
    unit: 'nats',
    ofVotes: true,
  },
  CONFIDENCE: {
    description: 'Mean of SELF_CONFIDENCE over the epochs up to this one: [0, 1] (data map).',
    bounds: share,
    dynamic: true,
  },
  VARIABILITY: {
    description: 'Standard deviation of SELF_CONFIDENCE over the epochs up to this one: [0, 1/2] (data map).',
    bounds: () => [0, 0.5],
    dynamic: true,
  },
  CORRECTNESS: {
    description: 'Share k / E of the epochs up to this one that predicted the given label: [0, 1].',
    bounds: share,
    dynamic: true,
  },
  FORGETTING_EVENTS: {
    description:
      'Times up to this epoch that a correct prediction was wrong an epoch later: a count. Null where no epoch predicted the given label; a list takes such samples for the most forgotten, as the reference tools do: first when descending, last when ascending.',
    bounds: divergence,
    dynamic: true,
    unknownIsHighest: true,
  },
  AUM: {
    description:
      'Area under the margin: mean over the epochs up to this one of the logit of the given label minus the highest other logit of the target branch. Lowest first lists suspicious labels.',
    bounds: () => [null, null],
    dynamic: true,
  },
};

registerEnumType(Measure, {
  name: 'Measure',
  description: 'A number that a run says of a sample after an epoch.',
  valuesConfig: Object.fromEntries(
    Object.entries(measureFacts).map(([name, { description }]) => [name, { description }]),
  ),
});

/** Those with a column of their own. */
export type StoredMeasure = Exclude<Measure, Measure.NORMALISED_ENTROPY>;
export const storedMeasures = Object.values(Measure).filter(
  (measure): measure is StoredMeasure => measure !== Measure.NORMALISED_ENTROPY,
);

export type MeasureType = 'real' | 'double precision';
const doubles: ReadonlySet<Measure> = new Set([
  Measure.NORMALISED_ENTROPY,
  Measure.CONFIDENCE,
  Measure.VARIABILITY,
  Measure.CORRECTNESS,
  Measure.FORGETTING_EVENTS,
  Measure.AUM,
]);

/** SQL of a measure of `sample_analysis` (or its like of a past epoch) a, and what its values compare with exactly. */
export function measureSql(measure: Measure, classes: number): { sql: string; type: MeasureType } {
  const sql =
    measure === Measure.NORMALISED_ENTROPY
      ? `(a.entropy / ${classes > 1 ? Math.log(classes) : 1}::double precision)`
      : `a.${columnOf(measure)}`;
  return { sql, type: doubles.has(measure) ? 'double precision' : 'real' };
}

export function columnOf(measure: Measure): string {
  return measure.toLowerCase();
}
