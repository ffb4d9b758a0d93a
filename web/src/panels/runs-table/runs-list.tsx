'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { RunRowFragment } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { RunStateBadge } from '../../plots/run-state';
import { Sparkline } from '../../plots/sparkline';
import { ago, dateTime, duration, enumName, missing, percent } from '../../theme/format';
import { Table } from '../../theme/panel';
import { accuracies, judgedSplit, newestMetrics, secondsOf } from './run-row';

export function RunsList({
  runs,
  now,
  withDataset,
}: {
  runs: readonly RunRowFragment[];
  now: number;
  withDataset: boolean;
}): ReactNode {
  return (
    <Table label="Runs">
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">State</th>
          {withDataset && <th scope="col">Data set</th>}
          <th scope="col">Network</th>
          <th scope="col" data-number>
            Epochs
          </th>
          <th scope="col">By epoch</th>
          <th scope="col" data-number title="Accuracy of the target branch in the newest epoch">
            Target
          </th>
          <th scope="col" data-number title="Accuracy of the auxiliary branch in the newest epoch">
            Auxiliary
          </th>
          <th scope="col" data-number>
            Test
          </th>
          <th scope="col" data-number>
            Macro F1
          </th>
          <th scope="col" data-number>
            Took
          </th>
          <th scope="col" data-number>
            Created
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Row key={run.id} run={run} now={now} withDataset={withDataset} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ run, now, withDataset }: { run: RunRowFragment; now: number; withDataset: boolean }): ReactNode {
  const split = judgedSplit(run);
  const metrics = newestMetrics(run, split);
  const seconds = secondsOf(run, now);
  const { configuration, recording } = run;
  return (
    <tr>
      <th scope="row" style={{ minWidth: 170, overflowWrap: 'anywhere' }}>
        <Link href={routes.run(run.id)}>{run.name}</Link>
      </th>
      <td>
        <RunStateBadge state={run.state} />
      </td>
      {withDataset && (
        <td className="cut" style={{ maxWidth: 150 }} title={run.dataset.name}>
          <Link href={routes.dataset(run.dataset.id)}>{run.dataset.name}</Link>
        </td>
      )}
      <td className="numbers">
        {configuration
          ? `${enumName(configuration.backbone)} ×${configuration.width}, ${configuration.imageSize} px`
          : `${recording?.method ?? recording?.framework ?? 'code elsewhere'}, recorded`}
      </td>
      <td data-number>
        {run.epochs.length} / {configuration?.epochs ?? recording?.epochs ?? '?'}
      </td>
      <td>
        <Sparkline values={accuracies(run, split)} label={`Accuracy on ${split.toLowerCase()} by epoch`} />
      </td>
      <td data-number title={metrics && `on ${split.toLowerCase()}`}>
        <b>{percent(metrics?.accuracy)}</b>
      </td>
      <td data-number>{percent(metrics?.auxiliaryAccuracy)}</td>
      <td data-number>{percent(newestMetrics(run, 'TEST')?.accuracy)}</td>
      <td data-number>{metrics?.macroF1?.toFixed(3) ?? missing}</td>
      <td data-number>{seconds === null ? missing : duration(seconds)}</td>
      <td data-number title={dateTime(run.createdAt)}>
        {ago(run.createdAt, now)}
      </td>
    </tr>
  );
}
