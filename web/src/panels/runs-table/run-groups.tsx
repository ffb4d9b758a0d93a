'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { DataTable, type Column, type TableSort } from '../../theme/data-table';
import { missing } from '../../theme/format';
import type { RunGroup, Spread } from './group-runs';

const mostCompared = 30;

export interface RunGroupsProps {
  groups: readonly RunGroup[];
  sort: TableSort | null;
  onSort: (sort: TableSort | null) => void;
}

/** One row a group of runs: what they reached on average, and how far seeds are apart. */
export function RunGroups({ groups, sort, onSort }: RunGroupsProps): ReactNode {
  return (
    <DataTable
      label="Groups of runs"
      rows={groups}
      rowKey={(group) => group.key}
      columns={columns}
      sort={sort}
      onSort={onSort}
    />
  );
}

const spread = (key: 'validation' | 'test' | 'macroF1', name: string, share: boolean): Column<RunGroup> => ({
  key,
  name,
  cell: (group) => spreadWords(group[key], share),
  value: (group) => group[key]?.mean,
  number: true,
});

const columns: Column<RunGroup>[] = [
  {
    key: 'name',
    name: 'What they have in common',
    fixed: true,
    cell: (group) => group.name,
    value: (group) => group.name,
  },
  { key: 'runs', name: 'Runs', cell: (group) => group.runs.length, value: (group) => group.runs.length, number: true },
  {
    key: 'seeds',
    name: 'Seeds',
    term: 'seed',
    cell: (group) => group.seeds.join(', '),
    value: (group) => group.seeds.length,
  },
  spread('validation', 'Validation, mean ± deviation', true),
  spread('test', 'Test', true),
  spread('macroF1', 'Macro F1', false),
  { key: 'compare', name: 'Compare', cell: (group) => <CompareLink group={group} /> },
];

function CompareLink({ group }: { group: RunGroup }): ReactNode {
  const ended = group.runs.filter((run) => run.results.length > 0).slice(0, mostCompared);
  if (ended.length === 0) return missing;
  if (ended.length === 1) return <Link href={routes.run(ended[0].id)}>the run</Link>;
  return <Link href={routes.compare(ended.map(({ id }) => id))}>its {ended.length} runs</Link>;
}

function spreadWords(spread: Spread | null, share: boolean): string {
  if (!spread) return missing;
  const words = (value: number): string => (share ? (100 * value).toFixed(1) : value.toFixed(3));
  const unit = share ? ' %' : '';
  return spread.deviation === null
    ? `${words(spread.mean)}${unit}`
    : `${words(spread.mean)} ± ${words(spread.deviation)}${unit}`;
}
