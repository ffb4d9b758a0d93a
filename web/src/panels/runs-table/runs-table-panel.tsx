'use client';
import { useQuery } from '@apollo/client/react';
import { Button, NativeSelect } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { RunsTableDocument, type RunState } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useUrlState } from '../../navigation/url-state';
import { useNow } from '../../navigation/use-now';
import { integer } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { RunsList } from './runs-list';
import { useLiveRows } from './use-live-rows';

const states: readonly RunState[] = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'];

/** All runs, newest first: the latest few on the overview, with filter and further pages on their own page. */
export function RunsTablePanel({ latest }: { latest?: number }): ReactNode {
  const url = useUrlState();
  const now = useNow();
  const state = latest === undefined ? (states.find((one) => one === url.get('state')) ?? null) : null;
  const { data, error, loading, refetch, fetchMore } = useQuery(RunsTableDocument, {
    variables: { first: latest ?? 25, state },
    fetchPolicy: 'cache-and-network',
  });
  const runs = data?.trainingRuns;
  useLiveRows(runs?.nodes, refetch);
  const aside =
    latest !== undefined ? (
      <Link href={routes.runs}>all runs</Link>
    ) : (
      <NativeSelect
        aria-label="State"
        value={state ?? ''}
        data={[{ value: '', label: 'every state' }, ...states.map((one) => ({ value: one, label: one.toLowerCase() }))]}
        onChange={(event) => url.set({ state: event.currentTarget.value })}
      />
    );
  const more = (): void =>
    void fetchMore({
      variables: { after: runs?.pageInfo.endCursor },
      updateQuery: (before, { fetchMoreResult }) => ({
        trainingRuns: {
          ...fetchMoreResult.trainingRuns,
          nodes: [...before.trainingRuns.nodes, ...fetchMoreResult.trainingRuns.nodes],
        } as typeof before.trainingRuns,
      }),
    });
  return (
    <Panel
      title={latest === undefined ? 'Runs' : 'Latest runs'}
      note={runs && `${integer(runs.totalCount)} in all`}
      aside={aside}
      flush
    >
      {error && !runs ? (
        <Failure error={error} retry={refetch} />
      ) : !runs ? (
        <Loading height={220} />
      ) : runs.nodes.length === 0 ? (
        <Empty title={state ? `No run is ${state.toLowerCase()}` : 'No runs yet'}>
          <p>{state ? 'Choose another state.' : 'Open a data set and start training: the run appears here at once.'}</p>
        </Empty>
      ) : (
        <RunsList runs={runs.nodes} now={now} withDataset />
      )}
      {latest === undefined && runs?.pageInfo.hasNextPage && (
        <div style={{ padding: 12, textAlign: 'center' }}>
          <Button variant="light" loading={loading} onClick={more}>
            Older runs
          </Button>
        </div>
      )}
    </Panel>
  );
}
