import {
  AnalysisOrder,
  type AnalysisFilter,
  type OrderDirection,
  type SampleFilter,
  type Split,
} from '../graphql/generated/graphql';

/**
 * A list of samples as the query string says it: which, and in what order. Pages that list samples and those that walk
 * through them read the same.
 */
export interface RunSampleList {
  filter: AnalysisFilter;
  orderBy: AnalysisOrder;
  direction: OrderDirection;
  /** Null: the newest. */
  epoch: number | null;
}

export const splits: readonly Split[] = ['TRAIN', 'VALIDATION', 'TEST'];
/** All that the API can order by; the order of the data set comes first. */
export const orders: readonly AnalysisOrder[] = [
  'INDEX',
  ...Object.values(AnalysisOrder).filter((order) => order !== 'INDEX'),
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

const listParameters = [
  'split',
  ...Object.keys(labelParameters),
  'correct',
  'where',
  'order',
  'direction',
  'key',
  'list',
];

type Get = (name: string) => string | null;

export function runSampleList(get: Get): RunSampleList {
  const filter: AnalysisFilter = {};
  const split = splits.find((one) => one === get('split'));
  if (split) filter.split = split;
  for (const [parameter, field] of Object.entries(labelParameters)) {
    const label = get(parameter);
    if (label) filter[field] = label;
  }
  const where = filterIn(get('where'));
  if (where) filter.and = [where];
  if (get('correct') === 'true' || get('correct') === 'false') filter.correct = get('correct') === 'true';
  return {
    filter,
    orderBy: orders.find((one) => one === get('order')) ?? 'INDEX',
    direction: get('direction') === 'DESCENDING' ? 'DESCENDING' : 'ASCENDING',
    epoch: /^[1-9]\d{0,8}$/.test(get('epoch') ?? '') ? Number(get('epoch')) : null,
  };
}

/** A filter of the API as JSON in the query string, for what has no parameter of its own; null where it is none. */
export function filterIn(text: string | null): AnalysisFilter | null {
  if (!text) return null;
  try {
    const filter: unknown = JSON.parse(text);
    return typeof filter === 'object' && filter !== null && !Array.isArray(filter) ? filter : null;
  } catch {
    return null;
  }
}

export function datasetSampleFilter(get: Get): SampleFilter {
  const filter: SampleFilter = {};
  const split = splits.find((one) => one === get('split'));
  if (split) filter.split = split;
  if (get('given')) filter.givenLabel = get('given');
  if (get('key')) filter.keyContains = get('key');
  const entropy = rangeIn(get('entropy'));
  if (entropy) filter.votesEntropy = entropy;
  if (/^list_\d+$/.test(get('saved') ?? '')) filter.list = get('saved');
  return filter;
}

/** Two numbers as one value of the query string, `0.2_1.1`; null where it is none. */
export function rangeIn(text: string | null): { minimum: number; maximum: number } | null {
  const [minimum, maximum, ...rest] = (text ?? '')
    .split('_')
    .map((part) => (/^\d+(\.\d+)?$/.test(part) ? Number(part) : NaN));
  return minimum !== undefined && maximum !== undefined && rest.length === 0 && minimum <= maximum
    ? { minimum, maximum }
    : null;
}

/** The parameters that say which list, for links to its samples. */
export function listQuery(get: Get): Record<string, string> {
  return Object.fromEntries(listParameters.flatMap((name) => (get(name) ? [[name, get(name)!]] : [])));
}
