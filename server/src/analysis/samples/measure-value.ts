import type { Measure } from '../record/measure.js';
import { klOfLabel } from '../../metrics/distances.js';
import { entropy } from '../../metrics/entropy.js';
import type { SampleAnalysis } from './sample-analysis.js';
import type { Trajectory } from './trajectory.js';
import { DistanceMeasure, DistributionKind } from '../record/vocabulary.js';

type DynamicMeasure =
  | Measure.CONFIDENCE
  | Measure.VARIABILITY
  | Measure.CORRECTNESS
  | Measure.FORGETTING_EVENTS
  | Measure.AUM;

const fromVotes =
  (to: DistributionKind, measure: DistanceMeasure) =>
  (analysis: SampleAnalysis): number | null =>
    analysis.distance(DistributionKind.VOTES, to, measure);

const values: Record<Exclude<Measure, DynamicMeasure>, (analysis: SampleAnalysis) => number | null> = {
  ENTROPY: (analysis) => analysis.entropy,
  NORMALISED_ENTROPY: (analysis) => analysis.normalisedEntropy,
  MARGIN: (analysis) => analysis.margin,
  AMBIGUITY_RATIO: (analysis) => analysis.ambiguityRatio,
  SELF_CONFIDENCE: (analysis) => analysis.selfConfidence,
  NORMALISED_MARGIN: (analysis) => analysis.normalisedMargin,
  CONFIDENCE_WEIGHTED_ENTROPY: (analysis) => analysis.confidenceWeightedEntropy,
  GIVEN_LABEL_KL: (analysis) => klOfLabel(analysis.labelDistribution, analysis.facts.givenLabel),
  ATTENTION: (analysis) => analysis.attention.mean,
  AUXILIARY_ATTENTION: (analysis) => analysis.attention.auxiliary,
  TARGET_ATTENTION: (analysis) => analysis.attention.target,
  FUSION_WEIGHT: (analysis) => analysis.attention.fusionWeight,
  VOTES_ENTROPY: ({ facts: { votes } }) => votes && entropy(votes),
  VOTES_KL_LABEL: fromVotes(DistributionKind.LABEL, DistanceMeasure.KULLBACK_LEIBLER),
  VOTES_KL_FUSED: fromVotes(DistributionKind.FUSED, DistanceMeasure.KULLBACK_LEIBLER),
  VOTES_KL_TARGET: fromVotes(DistributionKind.TARGET, DistanceMeasure.KULLBACK_LEIBLER),
  VOTES_JS_LABEL: fromVotes(DistributionKind.LABEL, DistanceMeasure.JENSEN_SHANNON),
  VOTES_JS_FUSED: fromVotes(DistributionKind.FUSED, DistanceMeasure.JENSEN_SHANNON),
  VOTES_JS_TARGET: fromVotes(DistributionKind.TARGET, DistanceMeasure.JENSEN_SHANNON),
};

const dynamics: Record<DynamicMeasure, (trajectory: Trajectory) => number | null> = {
  CONFIDENCE: (trajectory) => trajectory.confidence,
  VARIABILITY: (trajectory) => trajectory.variability,
  CORRECTNESS: (trajectory) => trajectory.correctness,
  FORGETTING_EVENTS: (trajectory) => trajectory.forgettingEvents,
  AUM: (trajectory) => trajectory.aum,
};

/** A measure of one analysis; `upTo` reads its epochs up to this one. Null for a measure of votes without votes. */
export async function measureValue(
  analysis: SampleAnalysis,
  measure: Measure,
  upTo: () => Promise<Trajectory>,
): Promise<number | null> {
  const { measured } = analysis.facts;
  if (measured?.measure === measure) return measured.value;
  return measure in dynamics
    ? dynamics[measure as DynamicMeasure](await upTo())
    : values[measure as keyof typeof values](analysis);
}
