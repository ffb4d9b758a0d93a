'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { RunFilter } from '../../graphql/generated/graphql';
import { routes, withQuery } from '../../navigation/routes';
import { useNow } from '../../navigation/use-now';
import { DataTable } from '../../theme/data-table';
import { integer } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { runColumns } from './run-columns';
import { useRuns } from './use-runs';

export interface LatestRunsProps {
  title: string;
  first: number;
  dataset?: string;
  labelSet?: string;
}

const columns = ['state', 'validation', 'test', 'macroF1', 'labels', 'done', 'took', 'created'];

/** The newest runs, of everything or of one data set, and the way to all of them. */
export function LatestRunsPanel({ title, first, dataset, labelSet }: LatestRunsProps): ReactNode {
  const filter: RunFilter | null =
    dataset || labelSet ? { dataset: dataset ?? null, labelSet: labelSet ?? null } : null;
  const { runs, total, error, refetch } = useRuns(first, filter);
  const now = useNow();
  const all = dataset ? withQuery(routes.runs, { dataset }) : routes.runs;
  return (
    <Panel
      title={title}
      note={runs && runs.length > 0 ? `${integer(total)} in all, newest first` : undefined}
      aside={total > 0 && <Link href={all}>all of them, to sort and compare</Link>}
      flush
    >
      {error && !runs ? (
        <Failure error={error} retry={refetch} />
      ) : !runs ? (
        <Loading height={180} />
      ) : runs.length === 0 ? (
        <Empty title="Nothing has been trained yet">
          <p>
            <Link href={routes.train(dataset ? { dataset } : {})}>Start a training</Link>: the run appears here at once.
          </p>
        </Empty>
      ) : (
        <DataTable
          label={title}
          rows={runs}
          rowKey={(run) => run.id}
          columns={runColumns(runs, now, dataset === undefined)}
          shown={dataset ? columns : [...columns, 'dataset']}
        />
      )}
    </Panel>
  );
}
