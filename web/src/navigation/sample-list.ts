import type { AnalysisFilter, AnalysisOrder, OrderDirection, SampleFilter, Split } from '../graphql/generated/graphql';

/**
 * A list of samples as the query string says it: which, and in what order. Pages that list samples and those that walk
 * through them read the same.
 */
export interface RunSampleList {
  filter: AnalysisFilter;
  orderBy: AnalysisOrder;
  direction: OrderDirection;
}

export const splits: readonly Split[] = ['TRAIN', 'VALIDATION', 'TEST'];
export const orders: readonly AnalysisOrder[] = [
  'INDEX',
  'ENTROPY',
  'MARGIN',
  'AMBIGUITY_RATIO',
  'SELF_CONFIDENCE',
  'NORMALISED_MARGIN',
  'CONFIDENCE_WEIGHTED_ENTROPY',
  'GIVEN_LABEL_KL',
  'ATTENTION',
  'AUXILIARY_ATTENTION',
  'TARGET_ATTENTION',
  'FUSION_WEIGHT',
  'CONFIDENCE',
  'VARIABILITY',
  'CORRECTNESS',
  'FORGETTING_EVENTS',
  'AUM',
  'VOTES_ENTROPY',
  'VOTES_KL_LABEL',
  'VOTES_KL_FUSED',
  'VOTES_KL_TARGET',
  'VOTES_JS_LABEL',
  'VOTES_JS_FUSED',
  'VOTES_JS_TARGET',
];

/** Query parameters of opinions and the filter's fields they set. */
export const labelParameters = {
  given: 'givenLabel',
  clean: 'cleanLabel',
  votes: 'votesLabel',
  auxiliary: 'auxiliaryLabel',
  fused: 'fusedLabel',
  target: 'targetLabel',
} as const satisfies Record<string, keyof AnalysisFilter>;

const listParameters = ['split', ...Object.keys(labelParameters), 'correct', 'order', 'direction', 'key', 'list'];

type Get = (name: string) => string | null;

export function runSampleList(get: Get): RunSampleList {
  const filter: AnalysisFilter = {};
  const split = splits.find((one) => one === get('split'));
  if (split) filter.split = split;
  for (const [parameter, field] of Object.entries(labelParameters)) {
    const label = get(parameter);
    if (label) filter[field] = label;
  }
  if (get('correct') === 'true' || get('correct') === 'false') filter.correct = get('correct') === 'true';
  return {
    filter,
    orderBy: orders.find((one) => one === get('order')) ?? 'INDEX',
    direction: get('direction') === 'DESCENDING' ? 'DESCENDING' : 'ASCENDING',
  };
}

export function datasetSampleFilter(get: Get): SampleFilter {
  const filter: SampleFilter = {};
  const split = splits.find((one) => one === get('split'));
  if (split) filter.split = split;
  if (get('given')) filter.givenLabel = get('given');
  if (get('key')) filter.keyContains = get('key');
  return filter;
}

/** The parameters that say which list, for links to its samples. */
export function listQuery(get: Get): Record<string, string> {
  return Object.fromEntries(listParameters.flatMap((name) => (get(name) ? [[name, get(name)!]] : [])));
}
