import type {
  AnalysisFilter,
  AnalysisOrder,
  OrderDirection,
  ReviewFaceFragment,
  Split,
} from '../../graphql/generated/graphql';
import { splits } from '../../navigation/sample-list';

/** Which faces come, and how, as the address says it. */
export interface QueueSettings {
  dataset: string | null;
  run: string | null;
  kind: QueueKind;
  split: Split | null;
  /** Only faces with this given label. */
  given: string | null;
  /** Neither label nor opinions are shown before the decision. */
  blind: boolean;
  /** Every so many faces one whose label is known; 0: none. */
  knownEvery: number;
  view: 'one' | 'grid';
}

export type QueueKind = 'suspects' | 'ambiguous' | 'disagree' | 'forgotten' | 'all';

export const queueKinds: readonly { value: QueueKind; label: string; hint: string }[] = [
  { value: 'suspects', label: 'Suspects', hint: 'another class is likelier than the label, the clearest first' },
  { value: 'disagree', label: 'The model disagrees', hint: 'the prediction is not the label, the surest first' },
  { value: 'ambiguous', label: 'Most ambiguous', hint: 'the most spread out distributions first' },
  { value: 'forgotten', label: 'Low margin over epochs', hint: 'those that training never settled on first' },
  { value: 'all', label: 'All', hint: 'in the order of the data set' },
];

const orders: Record<QueueKind, { orderBy: AnalysisOrder; direction: OrderDirection; filter: AnalysisFilter }> = {
  suspects: { orderBy: 'NORMALISED_MARGIN', direction: 'ASCENDING', filter: { suspected: true } },
  disagree: { orderBy: 'SELF_CONFIDENCE', direction: 'ASCENDING', filter: { correct: false } },
  ambiguous: { orderBy: 'ENTROPY', direction: 'DESCENDING', filter: {} },
  forgotten: { orderBy: 'AUM', direction: 'ASCENDING', filter: {} },
  all: { orderBy: 'INDEX', direction: 'ASCENDING', filter: {} },
};

const mostKnownEvery = 50;

export function queueSettings(get: (name: string) => string | null): QueueSettings {
  const known = Number(get('known') ?? 0);
  return {
    dataset: get('dataset'),
    run: get('run'),
    kind: queueKinds.find(({ value }) => value === get('queue'))?.value ?? 'suspects',
    split: splits.find((one) => one === get('split')) ?? null,
    given: get('given'),
    blind: get('blind') === '1',
    knownEvery: Number.isInteger(known) && known >= 2 && known <= mostKnownEvery ? known : 0,
    view: get('view') === 'grid' ? 'grid' : 'one',
  };
}

export interface QueueVariables {
  filter: AnalysisFilter;
  orderBy: AnalysisOrder;
  direction: OrderDirection;
}

/** Faces on which nobody has decided. */
export function queueVariables({ kind, split, given }: QueueSettings): QueueVariables {
  const { orderBy, direction, filter } = orders[kind];
  return {
    orderBy,
    direction,
    filter: {
      ...filter,
      annotated: false,
      ...(split ? { split } : {}),
      ...(given ? { givenLabel: given } : {}),
    },
  };
}

/** A face that waits for a decision. */
export interface QueueFace {
  id: string;
  name: string;
  imageUrl: string;
  given: string;
  /** The class that the model finds likeliest instead; null where it agrees. */
  suggested: string | null;
  /** [C], of the target branch. */
  distribution: readonly number[];
  votes: readonly number[] | null;
  /** Right label of a face that was put in to check the person; null for all others. */
  known: string | null;
  /** What others decided, newest first. */
  others: readonly { author: string | null; label: string }[];
}

export function faceOf(node: ReviewFaceFragment, known = false): QueueFace {
  const { sample, givenLabel, suggestedLabel, targetLabel } = node;
  const likelier = suggestedLabel ?? targetLabel;
  return {
    id: sample.id,
    name: sample.key,
    imageUrl: sample.imageUrl,
    given: givenLabel,
    suggested: likelier === givenLabel ? null : likelier,
    distribution: node.targetDistribution ?? [],
    votes: sample.votes,
    known: known ? sample.cleanLabel : null,
    others: sample.annotations.flatMap(({ author, to, undoneAt }) =>
      to !== null && undoneAt === null ? [{ author, label: to }] : [],
    ),
  };
}

/** The queue with a known face after every `every - 1` of its own; known ones are not repeated. */
export function withKnown(faces: readonly QueueFace[], known: readonly QueueFace[], every: number): QueueFace[] {
  if (every < 2) return [...faces];
  const own = new Set(faces.map(({ id }) => id));
  const left = known.filter(({ id }) => !own.has(id));
  return faces.flatMap((face, place) => {
    const next = (place + 1) % (every - 1) === 0 ? left.shift() : undefined;
    return next ? [face, next] : [face];
  });
}
