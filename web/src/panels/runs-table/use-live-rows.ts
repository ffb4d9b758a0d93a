'use client';
import { useSubscription } from '@apollo/client/react';
import { RunsTableProgressDocument, type RunRowFragment } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';

/** Keeps a list of runs fresh: asks again when a run is new, changes its state or records an epoch. */
export function useLiveRows(runs: readonly RunRowFragment[] | undefined, refetch: () => Promise<unknown>): void {
  useSubscription(RunsTableProgressDocument, {
    onData: ({ data: { data: event } }) => {
      // The panel shows the failure of its query itself.
      if (event && runs && !runs.some((run) => run.id === event.trainingProgress.id))
        void refetch().catch(() => undefined);
    },
  });
  useRefetchOn(runs?.map((run) => `${run.id} ${run.state} ${run.epoch?.number ?? 0}`).join(), refetch);
}
