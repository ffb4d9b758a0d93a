'use client';
import { useQuery, useSubscription } from '@apollo/client/react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { type LiveRunFragment, LiveRunsDocument, LiveRunsProgressDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { LiveRunCard } from './live-run-card';
import styles from './live-runs.module.css';

/**
 * Runs that train or wait, moving as they train. A run that ends stays until the page is left, so that its end is seen.
 */
export function LiveRunsPanel(): ReactNode {
  const { data, error, refetch } = useQuery(LiveRunsDocument, { fetchPolicy: 'cache-and-network' });
  const known = [...(data?.running.nodes ?? []), ...(data?.queued.nodes ?? [])];
  useSubscription(LiveRunsProgressDocument, {
    onData: ({ data: { data: event } }) => {
      if (event && !known.some((run) => run.id === event.trainingProgress.id)) void refetch().catch(() => undefined);
    },
  });
  const distinct = [...new Map(known.map((run) => [run.id, run])).values()];
  // Counts come with the lists: ask again when a run leaves the queue or ends.
  useRefetchOn(data && distinct.map((run) => `${run.id} ${run.state}`).join(), refetch);
  if (data && known.length === 0)
    return (
      <Panel title="Under way">
        <p className={styles.idle}>
          <b>Nothing is training.</b> Start a training: progress and curves appear here while it runs.
        </p>
      </Panel>
    );
  return (
    <Panel title="Under way" note={data && `${data.running.totalCount} training, ${data.queued.totalCount} waiting`}>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Loading height={180} />
      ) : (
        <div className={styles.runs}>
          {distinct
            .filter((run) => run.state !== 'QUEUED')
            .map((run) => (
              <LiveRunCard key={run.id} run={run} />
            ))}
          <Waiting runs={distinct.filter((run) => run.state === 'QUEUED')} total={data.queued.totalCount} />
        </div>
      )}
    </Panel>
  );
}

const named = 4;

/** Runs that wait take a line, however many there are. */
function Waiting({ runs, total }: { runs: readonly LiveRunFragment[]; total: number }): ReactNode {
  if (runs.length === 0) return null;
  return (
    <p className={styles.idle}>
      <b>{total} waiting:</b>{' '}
      {runs.slice(0, named).map((run, place) => (
        <span key={run.id}>
          {place > 0 && ', '}
          <Link href={routes.run(run.id)}>{run.name}</Link>
        </span>
      ))}
      {total > named && (
        <>
          {' '}
          and <Link href={`${routes.runs}?state=QUEUED`}>{total - Math.min(named, runs.length)} more</Link>
        </>
      )}
    </p>
  );
}
