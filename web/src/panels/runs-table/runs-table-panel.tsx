'use client';
import { Button } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { useUrlState } from '../../navigation/url-state';
import { useNow } from '../../navigation/use-now';
import { DataTable, saveTable, sortRows } from '../../theme/data-table';
import { ColumnChooser } from '../../theme/column-chooser';
import { integer } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { groupRuns, type GroupBy } from './group-runs';
import { RunGroups } from './run-groups';
import { runColumns } from './run-columns';
import { settingsOf } from './run-row';
import { RunsControls } from './runs-controls';
import { passes, setSort, viewOf } from './runs-view';
import { SelectedRuns } from './selected-runs';
import { useRuns } from './use-runs';

/** One page of the API: so many are sorted, searched and grouped here at once. */
const pageSize = 1000;

/** All runs: searched, filtered, sorted, grouped, tagged, and chosen to be compared. All of it is in the address. */
export function RunsTablePanel({ grouped = null }: { grouped?: GroupBy | null }): ReactNode {
  const url = useUrlState();
  const now = useNow();
  const all = useRuns(pageSize, null);
  const view = viewOf(url, grouped);
  const rows = (all.runs ?? []).filter((run) => passes(run, view));
  const columns = runColumns(rows, now, true);
  const sorted = sortRows(rows, columns, view.sort);
  const selected = new Set(view.selected);
  const select = (keys: ReadonlySet<string>): void => url.set({ sel: [...keys].join(',') || null });
  const choose = (next: readonly string[] | null): void => url.set({ cols: next?.join(',') ?? null });
  return (
    <Panel
      title="Runs"
      note={all.runs && `${integer(rows.length)} of ${integer(all.total)}`}
      aside={
        <>
          <RunsControls url={url} runs={all.runs ?? []} view={view} settings={settingsOf(all.runs ?? [])} />
          <ColumnChooser columns={columns} shown={view.columns} onChange={choose} />
          <Button variant="default" onClick={() => saveTable('runs', sorted, columns, view.columns)}>
            CSV
          </Button>
        </>
      }
      flush
    >
      <SelectedRuns runs={(all.runs ?? []).filter(({ id }) => selected.has(id))} clear={() => select(new Set())} />
      {all.error && !all.runs ? (
        <Failure error={all.error} retry={all.refetch} />
      ) : !all.runs ? (
        <Loading height={320} />
      ) : rows.length === 0 ? (
        <NoRuns any={all.runs.length > 0} clear={() => url.set({ q: null, state: null, dataset: null, tag: null })} />
      ) : view.group ? (
        <RunGroups groups={groupRuns(rows, view.group)} sort={view.sort} onSort={(sort) => setSort(url, sort)} />
      ) : (
        <DataTable
          label="Runs"
          rows={sorted}
          sorted
          rowKey={(run) => run.id}
          rowName={(run) => run.name}
          columns={columns}
          shown={view.columns}
          sort={view.sort}
          onSort={(sort) => setSort(url, sort)}
          selection={{ keys: selected, change: select }}
        />
      )}
      {all.hasMore && <Older loading={all.loading} more={all.more} />}
    </Panel>
  );
}

function Older({ loading, more }: { loading: boolean; more: () => void }): ReactNode {
  return (
    <div style={{ padding: 12, textAlign: 'center' }}>
      <Button variant="light" loading={loading} onClick={more}>
        Load older runs too
      </Button>
    </div>
  );
}

function NoRuns({ any, clear }: { any: boolean; clear: () => void }): ReactNode {
  return any ? (
    <Empty title="No run is so">
      <Button variant="light" onClick={clear}>
        Show all
      </Button>
    </Empty>
  ) : (
    <Empty title="No runs yet">
      <p>
        <Link href={routes.train()}>Start a training</Link>: the run appears here at once.
      </p>
    </Empty>
  );
}
