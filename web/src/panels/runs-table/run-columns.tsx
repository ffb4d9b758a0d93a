import { Badge } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { RunStateBadge } from '../../plots/run-state';
import type { Column } from '../../theme/data-table';
import { ago, compact, dateTime, duration, enumName, missing, percent, settingName } from '../../theme/format';
import {
  differingSettings,
  judged,
  plannedEpochs,
  recorded,
  secondsOf,
  settingOf,
  settingsOf,
  type RunRow,
} from './run-row';

/** Settings of columns that are shown without being chosen. */
const mostByThemselves = 4;

function settingColumn(name: string, shown: boolean, numbers: boolean): Column<RunRow> {
  const value = (run: RunRow): string | number | null => settingOf(run, name);
  const cell = (run: RunRow): string => {
    const found = value(run);
    return found === null ? missing : typeof found === 'number' ? compact(found) : enumName(found);
  };
  return { key: name, name: settingName(name), cell, value, number: numbers, optional: !shown };
}

/** Columns of a list of runs; the settings that differ among them are shown by themselves. */
export function runColumns(runs: readonly RunRow[], now: number, withDataset: boolean): Column<RunRow>[] {
  const byThemselves = new Set(differingSettings(runs).slice(0, mostByThemselves));
  return [
    {
      key: 'name',
      name: 'Run',
      fixed: true,
      cell: (run) => <RunName run={run} />,
      value: (run) => run.name,
    },
    { key: 'state', name: 'State', cell: (run) => <RunStateBadge state={run.state} />, value: (run) => run.state },
    ...results,
    {
      key: 'dataset',
      name: 'Data set',
      cell: (run) => <Link href={routes.dataset(run.dataset.id)}>{run.dataset.name}</Link>,
      value: (run) => run.dataset.name,
      optional: !withDataset,
    },
    {
      key: 'labels',
      name: 'Labels',
      term: 'labelSet',
      cell: (run) => (
        <Link href={routes.dataset(run.dataset.id, { labels: run.labelSet.id })}>{run.labelSet.name}</Link>
      ),
      value: (run) => run.labelSet.name,
    },
    ...settingsOf(runs).map((name) =>
      settingColumn(name, byThemselves.has(name), typeof settingOf(runs[0], name) === 'number'),
    ),
    {
      key: 'done',
      name: 'Epochs done',
      cell: (run) => `${recorded(run)} / ${plannedEpochs(run) ?? missing}`,
      value: recorded,
      number: true,
    },
    ...times(now),
    { key: 'notes', name: 'Notes', cell: (run) => run.notes, value: (run) => run.notes, optional: true },
    {
      key: 'tags',
      name: 'Tags',
      cell: (run) => run.tags.join(', '),
      value: (run) => run.tags.join(', '),
      optional: true,
    },
    {
      key: 'parent',
      name: 'Retrains',
      cell: (run) => run.parent && <Link href={routes.run(run.parent.id)}>{run.parent.name}</Link>,
      value: (run) => run.parent?.name ?? null,
      optional: true,
    },
    { key: 'backend', name: 'Ran on', cell: (run) => run.backend, value: (run) => run.backend, optional: true },
    { key: 'id', name: 'Id', cell: (run) => <code>{run.id}</code>, value: (run) => run.id, optional: true },
  ];
}

function RunName({ run }: { run: RunRow }): ReactNode {
  return (
    <>
      <Link href={routes.run(run.id)}>{run.name}</Link>{' '}
      {run.tags.map((tag) => (
        <Badge
          key={tag}
          variant="light"
          size="sm"
          tt="none"
          component={Link}
          href={`${routes.runs}?tag=${encodeURIComponent(tag)}`}
        >
          {tag}
        </Badge>
      ))}
    </>
  );
}

const results: Column<RunRow>[] = [
  {
    key: 'validation',
    name: 'Validation',
    term: 'accuracy',
    cell: (run) => <b>{percent(judged(run)?.validationAccuracy)}</b>,
    value: (run) => judged(run)?.validationAccuracy,
    number: true,
  },
  {
    key: 'test',
    name: 'Test',
    cell: (run) => percent(judged(run)?.testAccuracy),
    value: (run) => judged(run)?.testAccuracy,
    number: true,
  },
  {
    key: 'balanced',
    name: 'Balanced',
    term: 'balancedAccuracy',
    cell: (run) => percent(judged(run)?.testBalancedAccuracy),
    value: (run) => judged(run)?.testBalancedAccuracy,
    number: true,
    optional: true,
  },
  {
    key: 'macroF1',
    name: 'Macro F1',
    term: 'macroF1',
    cell: (run) => judged(run)?.testMacroF1?.toFixed(3) ?? missing,
    value: (run) => judged(run)?.testMacroF1,
    number: true,
  },
];

function times(now: number): Column<RunRow>[] {
  return [
    {
      key: 'took',
      name: 'Took',
      cell: (run) => {
        const seconds = secondsOf(run, now);
        return seconds === null ? missing : duration(seconds);
      },
      value: (run) => secondsOf(run, now),
      number: true,
    },
    {
      key: 'created',
      name: 'Created',
      cell: (run) => <span title={dateTime(run.createdAt)}>{ago(run.createdAt, now)}</span>,
      value: (run) => run.createdAt,
      number: true,
    },
  ];
}
