'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { DatasetRunsDocument } from '../../graphql/generated/graphql';
import { useNow } from '../../navigation/use-now';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { RunsList } from './runs-list';
import { useLiveRows } from './use-live-rows';

export function DatasetRunsPanel({ dataset }: { dataset: string }): ReactNode {
  const { data, error, refetch } = useQuery(DatasetRunsDocument, {
    variables: { dataset },
    fetchPolicy: 'cache-and-network',
  });
  const now = useNow();
  const runs = data?.dataset?.runs;
  useLiveRows(runs, refetch);
  if (data && !data.dataset) return null;
  return (
    <Panel
      title="Runs on this data set"
      note={runs && runs.length > 0 ? `${runs.length}, newest first` : undefined}
      flush
    >
      {error && !runs ? (
        <Failure error={error} retry={refetch} />
      ) : !runs ? (
        <Loading height={160} />
      ) : runs.length === 0 ? (
        <Empty title="Nothing has been trained on it yet">
          <p>Start training above. The defaults give a first result in about a minute on a small data set.</p>
        </Empty>
      ) : (
        <RunsList runs={runs} now={now} withDataset={false} />
      )}
    </Panel>
  );
}
