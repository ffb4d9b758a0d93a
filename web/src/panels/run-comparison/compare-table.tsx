'use client';
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { RunStateBadge } from '../../plots/run-state';
import { DataTable, saveTable, type Column, type TableSort } from '../../theme/data-table';
import { decimal, percent, settingName } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { differingSettings, judged, letterOf, settingOf, settingValue, type ComparedRun } from './compared-run';

type Row = ComparedRun & { letter: string };

/** What the runs reached, and only what differs of their settings. */
export function CompareTable({ runs }: { runs: readonly ComparedRun[] }): ReactNode {
  const [sort, setSort] = useState<TableSort | null>(null);
  const rows = runs.map((run, place) => ({ ...run, letter: letterOf(place) }));
  const columns = columnsOf(runs);
  const differs = differingSettings(runs);
  return (
    <Panel
      title="Results and what differs"
      note={differs.length === 0 ? 'all settings are the same' : `${differs.length} settings differ`}
      aside={
        <Button variant="default" onClick={() => saveTable('compared-runs', rows, columns, null)}>
          CSV
        </Button>
      }
      flush
    >
      <DataTable
        label="Compared runs"
        rows={rows}
        rowKey={(run) => run.id}
        columns={columns}
        sort={sort}
        onSort={setSort}
      />
    </Panel>
  );
}

function columnsOf(runs: readonly ComparedRun[]): Column<Row>[] {
  const result = (key: 'validationAccuracy' | 'testAccuracy' | 'testBalancedAccuracy', name: string): Column<Row> => ({
    key,
    name,
    cell: (run) => percent(judged(run)?.[key]),
    value: (run) => judged(run)?.[key],
    number: true,
  });
  return [
    {
      key: 'name',
      name: 'Run',
      fixed: true,
      cell: (run) => (
        <>
          <b>{run.letter}</b> <Link href={routes.run(run.id)}>{run.name}</Link>
        </>
      ),
      value: (run) => run.name,
    },
    { key: 'state', name: 'State', cell: (run) => <RunStateBadge state={run.state} />, value: (run) => run.state },
    result('validationAccuracy', 'Validation'),
    result('testAccuracy', 'Test'),
    result('testBalancedAccuracy', 'Balanced'),
    {
      key: 'macroF1',
      name: 'Macro F1',
      term: 'macroF1',
      cell: (run) => decimal(judged(run)?.testMacroF1),
      value: (run) => judged(run)?.testMacroF1,
      number: true,
    },
    { key: 'labels', name: 'Labels', cell: (run) => run.labelSet.name, value: (run) => run.labelSet.name },
    { key: 'dataset', name: 'Data set', cell: (run) => run.dataset.name, value: (run) => run.dataset.name },
    ...differingSettings(runs).map((name): Column<Row> => ({
      key: name,
      name: settingName(name),
      cell: (run) => settingValue(settingOf(run, name)),
      value: (run) => settingOf(run, name),
      number: true,
    })),
  ];
}
