'use client';
import { useQuery } from '@apollo/client/react';
import { ConfusionChoicesDocument, ConfusionDocument, type ConfusionQuery } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useConfusionView, type ConfusionView } from './use-confusion-view';

export type Matrix = NonNullable<NonNullable<ConfusionQuery['trainingRun']>['confusionMatrix']>;

export interface Matrices {
  view: ConfusionView;
  run: NonNullable<ReturnType<typeof useChoices>['data']>['trainingRun'];
  newest: number;
  matrix: Matrix | undefined | null;
  /** What `matrix` is compared with; only where the difference is shown. */
  before: Matrix | undefined | null;
  loading: boolean;
  error: Error | undefined;
  retry: () => void;
}

const useChoices = (id: string) => useQuery(ConfusionChoicesDocument, { variables: { id } });

/** The matrix of the URL's question, the last one while it loads, and what it is compared with. */
export function useMatrices(id: string): Matrices {
  const choices = useChoices(id);
  const run = choices.data?.trainingRun ?? null;
  const newest = run?.epoch?.number ?? 0;
  const view = useConfusionView(run?.dataset.splits.map((one) => one.split) ?? [], run?.dataset.classes ?? []);
  const epoch = view.epoch !== null && view.epoch < newest ? view.epoch : null;
  const { split, rows, columns } = view;
  const now = useQuery(ConfusionDocument, { variables: { id, split, rows, columns, epoch }, skip: !run });
  const compared = view.show === 'difference' && run?.epoch != null;
  const other =
    view.against !== null && 'run' in view.against
      ? { id: view.against.run, epoch: null }
      : { id, epoch: Math.min(view.against?.epoch ?? 1, newest) };
  const then = useQuery(ConfusionDocument, { variables: { ...other, split, rows, columns }, skip: !compared });
  useRefetchOn(choices.data ? newest : undefined, now.refetch);
  const error = choices.error ?? now.error ?? (compared ? then.error : undefined);
  return {
    view,
    run,
    newest,
    matrix: (now.data ?? (now.error ? undefined : now.previousData))?.trainingRun?.confusionMatrix,
    before: compared ? (then.data ?? then.previousData)?.trainingRun?.confusionMatrix : undefined,
    loading: !choices.data || (!now.data && !now.previousData),
    error,
    retry: () => void (choices.error ? choices.refetch() : now.error ? now.refetch() : then.refetch()),
  };
}
