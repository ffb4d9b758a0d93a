'use client';
import { useQuery, useSubscription } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { LiveRunsDocument, LiveRunsProgressDocument, type RunState } from '../../graphql/generated/graphql';
import { Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { LiveRunCard } from './live-run-card';
import styles from './live-runs.module.css';

function counts(states: readonly RunState[]): string {
  const of = (state: RunState): number => states.filter((one) => one === state).length;
  return `${of('RUNNING')} training, ${of('QUEUED')} waiting`;
}

/**
 * Runs that train or wait, moving as they train. A run that ends stays until the page is left, so that its end is seen.
 */
export function LiveRunsPanel(): ReactNode {
  const { data, error, refetch } = useQuery(LiveRunsDocument, { fetchPolicy: 'cache-and-network' });
  const known = [...(data?.running.nodes ?? []), ...(data?.queued.nodes ?? [])];
  useSubscription(LiveRunsProgressDocument, {
    onData: ({ data: { data: event } }) => {
      if (event && !known.some((run) => run.id === event.trainingProgress.id)) void refetch();
    },
  });
  if (data && known.length === 0)
    return (
      <Panel title="Under way">
        <p className={styles.idle}>
          <b>Nothing is training.</b> Open a data set and press “Start training”: progress and curves appear here while
          it runs.
        </p>
      </Panel>
    );
  return (
    <Panel title="Under way" note={data && counts(known.map((run) => run.state))}>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Loading height={180} />
      ) : (
        <div className={styles.runs}>
          {[...new Map(known.map((run) => [run.id, run])).values()].map((run) => (
            <LiveRunCard key={run.id} run={run} />
          ))}
        </div>
      )}
    </Panel>
  );
}
