'use client';
import { useQuery, useSubscription } from '@apollo/client/react';
import { RunsTableDocument, RunsTableProgressDocument, type RunFilter } from '../../graphql/generated/graphql';
import type { RunRow } from './run-row';

export interface Runs {
  runs: readonly RunRow[] | undefined;
  total: number;
  hasMore: boolean;
  more: () => void;
  loading: boolean;
  error: Error | undefined;
  refetch: () => Promise<unknown>;
}

/** Runs, newest first, kept fresh: a subscription renews those that are there and says when there is a new one. */
export function useRuns(first: number, filter: RunFilter | null): Runs {
  const { data, error, loading, refetch, fetchMore } = useQuery(RunsTableDocument, {
    variables: { first, filter },
    fetchPolicy: 'cache-and-network',
  });
  const page = data?.trainingRuns;
  useSubscription(RunsTableProgressDocument, {
    onData: ({ data: { data: event } }) => {
      // The panel shows the failure of its query itself.
      if (event && page && !page.nodes.some((run) => run.id === event.trainingProgress.id))
        void refetch().catch(() => undefined);
    },
  });
  const more = (): void => void fetchMore({ variables: { after: page?.pageInfo.endCursor } }).catch(() => undefined);
  return {
    runs: page?.nodes,
    total: page?.totalCount ?? 0,
    hasMore: page?.pageInfo.hasNextPage ?? false,
    more,
    loading,
    error,
    refetch,
  };
}
