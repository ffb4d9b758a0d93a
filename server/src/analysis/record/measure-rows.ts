import { argmax } from '../../metrics/argmax.js';
import { jensenShannon, klOfLabel, kullbackLeibler } from '../../metrics/distances.js';
import { correctnessOf, forgettingOf, type Dynamics } from '../../metrics/dynamics.js';
import { entropy, normalisedEntropy } from '../../metrics/entropy.js';
import { confidenceWeightedEntropy, normalisedMargin, selfConfidence } from '../../metrics/label-quality.js';
import { ambiguityRatio, margin } from '../../metrics/margin.js';
import { measureRow, ranges, type MeasureRow } from './measure-row.js';
import type { MeasuredSample, RecordedSample } from './measured-sample.js';

type Distance = (u: ArrayLike<number>, v: ArrayLike<number>) => number;
const vectors = {
  label: (sample: MeasuredSample) => sample.recorded.label,
  fused: (sample: MeasuredSample) => sample.fused,
  target: (sample: MeasuredSample) => sample.recorded.target,
} as const;

/** Of a distribution of the run and the given label; NaN where the distribution was not recorded. */
function ofVector(
  name: 'label' | 'target',
  measure: (u: ArrayLike<number>, given: number) => number,
): MeasureRow['of'] {
  return ({ recorded }) => {
    const vector = recorded[name];
    return vector ? measure(vector, recorded.given) : Number.NaN;
  };
}

/** How far votes are from a distribution of the run. */
function fromVotes(to: keyof typeof vectors, distance: Distance, short: string): MeasureRow {
  const divergence = distance === jensenShannon;
  return measureRow({
    title: `${short} votes ${divergence ? 'and' : '‖'} ${to === 'label' ? 'label distribution' : to}`,
    short: `${short} ${to}`,
    sentence: divergence
      ? `Jensen-Shannon divergence of votes and ${to} distribution, in nats. Null without votes.`
      : `KL(votes || ${to} distribution) in nats, clipped at machine epsilon as PyLDL's. Null without votes.`,
    ...(divergence ? ranges.jensenShannon : ranges.divergence),
    unit: 'nats',
    needs: ['VOTES'],
    of: (sample) => {
      const vector = vectors[to](sample);
      return sample.known.votes && vector ? distance(sample.known.votes, vector) : Number.NaN;
    },
  });
}

function fromTruth(to: keyof typeof vectors): MeasureRow {
  return measureRow({
    title: `KL truth ‖ ${to}`,
    short: `true ${to}`,
    sentence: `KL(true distribution || ${to} distribution) in nats, clipped as PyLDL's. Null where the truth is not known.`,
    ...ranges.divergence,
    unit: 'nats',
    needs: ['TRUE_DISTRIBUTION'],
    of: (sample) => {
      const vector = vectors[to](sample);
      return sample.known.truth && vector ? kullbackLeibler(sample.known.truth, vector) : Number.NaN;
    },
  });
}

function ofVoters({
  value,
  ...words
}: Pick<MeasureRow, 'title' | 'short' | 'sentence'> & {
  value: (votes: ArrayLike<number>, recorded: RecordedSample) => number;
}): MeasureRow {
  return measureRow({
    ...words,
    ...ranges.share,
    suspiciousEnd: 'HIGH',
    needs: ['VOTES'],
    of: ({ known, recorded }) => (known.votes ? value(known.votes, recorded) : Number.NaN),
  });
}

/** What follows from the epochs up to this one. */
function ofHistory(
  row: Omit<Parameters<typeof measureRow>[0], 'of'>,
  value: (dynamics: Dynamics) => number | null,
): MeasureRow {
  return measureRow({
    ...row,
    needs: ['HISTORY'],
    precision: 'double',
    of: ({ dynamics }) => (dynamics && value(dynamics)) ?? Number.NaN,
  });
}

const differs =
  'Taken in evaluation mode on softmax(z2), whose logits are multiplied by the attention a2; the paper takes it in the training pass on plain logits.';

/** Every measure of one sample, in the order in which pages offer them. */
export const measureRows = {
  ENTROPY: measureRow({
    title: 'entropy',
    short: 'entropy',
    sentence: 'Entropy of the label distribution, in nats.',
    ...ranges.entropy,
    unit: 'nats',
    suspiciousEnd: 'HIGH',
    of: ofVector('label', entropy),
  }),
  NORMALISED_ENTROPY: measureRow({
    title: 'normalised entropy',
    short: 'norm. ent.',
    sentence: 'ENTROPY divided by log C.',
    ...ranges.share,
    suspiciousEnd: 'HIGH',
    of: ofVector('label', normalisedEntropy),
  }),
  MARGIN: measureRow({
    title: 'margin',
    short: 'margin',
    sentence: 'Highest minus second highest value of the target distribution.',
    ...ranges.share,
    suspiciousEnd: 'LOW',
    of: ofVector('target', margin),
  }),
  AMBIGUITY_RATIO: measureRow({
    title: 'ambiguity ratio',
    short: 'ambiguity',
    sentence: 'Second highest divided by highest value of the target distribution: 1 is a tie.',
    ...ranges.share,
    suspiciousEnd: 'HIGH',
    of: ofVector('target', ambiguityRatio),
  }),
  SELF_CONFIDENCE: measureRow({
    title: 'self-confidence',
    short: 'self-conf.',
    sentence: "Target distribution at the given label (cleanlab's self-confidence).",
    ...ranges.share,
    suspiciousEnd: 'LOW',
    of: ofVector('target', selfConfidence),
  }),
  NORMALISED_MARGIN: measureRow({
    title: 'normalised margin',
    short: 'n. margin',
    sentence: "(p_y - highest other p + 1) / 2 of the target distribution, cleanlab's; 1/2 is a tie.",
    ...ranges.share,
    suspiciousEnd: 'LOW',
    of: ofVector('target', normalisedMargin),
  }),
  CONFIDENCE_WEIGHTED_ENTROPY: measureRow({
    title: 'confidence-weighted entropy',
    short: 'cw. ent.',
    sentence:
      "log(1 + s) / max(s, 1e-6) with s = normalised entropy / p_y of the target distribution, cleanlab's. A certain prediction scores 0, be it right or wrong.",
    ...ranges.share,
    suspiciousEnd: 'LOW',
    of: ofVector('target', confidenceWeightedEntropy),
  }),
  GIVEN_LABEL_KL: measureRow({
    title: 'KL label distribution ‖ given label',
    short: 'KL given',
    sentence: "KL(label distribution || one-hot given label) in nats, clipped at machine epsilon as PyLDL's.",
    ...ranges.divergence,
    unit: 'nats',
    suspiciousEnd: 'HIGH',
    of: ofVector('label', klOfLabel),
  }),
  LOSS: measureRow({
    title: 'recorded loss',
    short: 'loss',
    sentence:
      'Loss of the sample as whoever recorded the run gave it, in its own unit. Null where none was given, and for runs trained here.',
    ...ranges.unbounded,
    suspiciousEnd: 'HIGH',
    needs: ['RECORDED_LOSS'],
    of: ({ recorded }) => recorded.loss,
  }),
  ATTENTION: measureRow({
    title: 'attention',
    short: 'attention',
    sentence: 'Mean attention w = (a1 + a2) / 2: how much the network trusts the sample.',
    ...ranges.share,
    suspiciousEnd: 'LOW',
    of: (sample) => sample.attention,
  }),
  AUXILIARY_ATTENTION: measureRow({
    title: 'auxiliary attention',
    short: 'a1',
    sentence: 'a1 of the auxiliary branch.',
    ...ranges.share,
    suspiciousEnd: 'LOW',
    of: ({ recorded }) => recorded.auxiliaryAttention,
  }),
  TARGET_ATTENTION: measureRow({
    title: 'target attention',
    short: 'a2',
    sentence: 'a2 of the target branch.',
    ...ranges.share,
    suspiciousEnd: 'LOW',
    of: ({ recorded }) => recorded.targetAttention,
  }),
  FUSION_WEIGHT: measureRow({
    title: 'fusion weight',
    short: 'w',
    sentence: 'v: w scaled from its range over the split onto [minimumFusionWeight, maximumFusionWeight].',
    ...ranges.share,
    suspiciousEnd: 'LOW',
    of: (sample) => sample.fusionWeight,
  }),
  VOTES_ENTROPY: measureRow({
    title: 'entropy of the votes',
    short: 'votes ent.',
    sentence: 'Entropy of the vote distribution, in nats. Null without votes.',
    ...ranges.entropy,
    unit: 'nats',
    suspiciousEnd: 'HIGH',
    needs: ['VOTES'],
    of: (sample) => sample.entropyOfVotes,
  }),
  AMBIGUOUS: ofVoters({
    title: 'ambiguous',
    short: 'ambiguous',
    sentence:
      'Votes for the second class divided by votes for the first: 1 where people are split, 0 where they agree. Null without votes.',
    value: ambiguityRatio,
  }),
  MISLABELLED: ofVoters({
    title: 'mislabelled',
    short: 'mislabel.',
    sentence:
      'Share of the votes for the favourite other class less that for the given label, at least 0: 1 where people agree on another class. Null without votes.',
    value: (votes, { given }) => {
      const other = Array.from(votes).reduce((most, share, k) => (k === given ? most : Math.max(most, share)), 0);
      return Math.max(0, other - votes[given]);
    },
  }),
  HARD: ofVoters({
    title: 'hard',
    short: 'hard',
    sentence:
      'Lead of the class with the most votes over the second, times what the target distribution lacks there: 1 where people agree and the model does not. Null without votes.',
    value: (votes, { target }) => (target ? margin(votes) * Math.min(1, 1 - target[argmax(votes)]) : Number.NaN),
  }),
  TRUE_KL_LABEL: fromTruth('label'),
  TRUE_KL_FUSED: fromTruth('fused'),
  TRUE_KL_TARGET: fromTruth('target'),
  VOTES_KL_LABEL: fromVotes('label', kullbackLeibler, 'KL'),
  VOTES_KL_FUSED: fromVotes('fused', kullbackLeibler, 'KL'),
  VOTES_KL_TARGET: fromVotes('target', kullbackLeibler, 'KL'),
  VOTES_JS_LABEL: fromVotes('label', jensenShannon, 'JS'),
  VOTES_JS_FUSED: fromVotes('fused', jensenShannon, 'JS'),
  VOTES_JS_TARGET: fromVotes('target', jensenShannon, 'JS'),
  CONFIDENCE: ofHistory(
    {
      title: 'confidence over epochs',
      short: 'confidence',
      sentence: 'Mean of SELF_CONFIDENCE over the epochs up to this one (data map).',
      ...ranges.share,
      suspiciousEnd: 'LOW',
    },
    ({ confidence }) => confidence,
  ),
  VARIABILITY: ofHistory(
    {
      title: 'variability over epochs',
      short: 'variability',
      sentence: 'Standard deviation of SELF_CONFIDENCE over the epochs up to this one (data map).',
      ...ranges.half,
      suspiciousEnd: 'HIGH',
    },
    ({ variability }) => variability,
  ),
  CORRECTNESS: ofHistory(
    {
      title: 'correctness over epochs',
      short: 'correct',
      sentence: 'Share k / E of the epochs up to this one that predicted the given label.',
      ...ranges.share,
      suspiciousEnd: 'LOW',
    },
    correctnessOf,
  ),
  FORGETTING_EVENTS: ofHistory(
    {
      title: 'forgetting events',
      short: 'forgotten',
      sentence: `Times up to this epoch that a correct prediction was wrong an epoch later. Null where no epoch predicted the given label; a list takes such samples for the most forgotten, as the reference tools do: first when descending, last when ascending. ${differs}`,
      ...ranges.count,
      unit: 'events',
      suspiciousEnd: 'HIGH',
      unknownIsHighest: true,
    },
    forgettingOf,
  ),
  AUM: ofHistory(
    {
      title: 'area under the margin',
      short: 'AUM',
      sentence: `Mean over the epochs up to this one of the logit of the given label minus the highest other logit of the target branch; negative: another class wins on average. ${differs}`,
      ...ranges.margin,
      unit: 'logits',
      suspiciousEnd: 'LOW',
    },
    ({ aum }) => aum,
  ),
} as const satisfies Record<string, MeasureRow>;
