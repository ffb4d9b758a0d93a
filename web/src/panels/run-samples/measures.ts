import type { AnalysisOrder, RunSamplesQuery } from '../../graphql/generated/graphql';

type Node = NonNullable<RunSamplesQuery['trainingRun']>['analyses']['nodes'][number];

export const orderName: Record<AnalysisOrder, string> = {
  INDEX: 'order of the data set',
  ENTROPY: 'entropy',
  NORMALISED_ENTROPY: 'normalised entropy',
  MARGIN: 'margin',
  AMBIGUITY_RATIO: 'ambiguity ratio',
  SELF_CONFIDENCE: 'self-confidence',
  NORMALISED_MARGIN: 'normalised margin',
  CONFIDENCE_WEIGHTED_ENTROPY: 'confidence-weighted entropy',
  GIVEN_LABEL_KL: 'KL label distribution ‖ given label',
  LOSS: 'recorded loss',
  ATTENTION: 'attention',
  AUXILIARY_ATTENTION: 'auxiliary attention',
  TARGET_ATTENTION: 'target attention',
  FUSION_WEIGHT: 'fusion weight',
  VOTES_ENTROPY: 'entropy of the votes',
  VOTES_KL_LABEL: 'KL votes ‖ label distribution',
  VOTES_KL_FUSED: 'KL votes ‖ fused',
  VOTES_KL_TARGET: 'KL votes ‖ target',
  VOTES_JS_LABEL: 'JS votes, label distribution',
  VOTES_JS_FUSED: 'JS votes, fused',
  VOTES_JS_TARGET: 'JS votes, target',
  CONFIDENCE: 'confidence over epochs',
  VARIABILITY: 'variability over epochs',
  CORRECTNESS: 'correctness over epochs',
  FORGETTING_EVENTS: 'forgetting events',
  AUM: 'area under the margin',
};

/** The measure that a card shows, and its short name: the one of the order, else the attention. */
export function measureOf({ measure }: Node, orderBy: AnalysisOrder): string {
  const name = orderName[orderBy === 'INDEX' ? 'ATTENTION' : orderBy];
  if (measure === null) return orderBy.startsWith('VOTES') ? 'no votes' : `${name} not recorded`;
  return `${name} ${orderBy === 'FORGETTING_EVENTS' ? measure : measure.toFixed(2)}`;
}
