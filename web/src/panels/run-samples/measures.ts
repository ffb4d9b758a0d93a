import type { AnalysisOrder, RunSamplesQuery } from '../../graphql/generated/graphql';

type Node = NonNullable<RunSamplesQuery['trainingRun']>['analyses']['nodes'][number];

export const orderName: Record<AnalysisOrder, string> = { INDEX: 'order of the data set', ENTROPY: 'entropy', MARGIN: 'margin', SELF_CONFIDENCE: 'self-confidence', ATTENTION: 'attention', FUSION_WEIGHT: 'fusion weight', VOTES_KL_FUSED: 'KL votes ‖ fused' };

/** The measure that a card shows: the one of the order, else the attention. */
export function measureOf(node: Node, orderBy: AnalysisOrder): string {
  switch (orderBy) {
    case 'ENTROPY': return `entropy ${node.entropy.toFixed(2)}`;
    case 'MARGIN': return `margin ${node.margin.toFixed(2)}`;
    case 'SELF_CONFIDENCE': return `self-conf. ${node.selfConfidence.toFixed(2)}`;
    case 'FUSION_WEIGHT': return `weight ${node.attention.fusionWeight.toFixed(2)}`;
    case 'VOTES_KL_FUSED': return node.votesKlFused === null ? 'no votes' : `KL ${node.votesKlFused.toFixed(2)}`;
    default: return `attention ${node.attention.mean.toFixed(2)}`;
  }
}
