'use client';
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { RunComparisonDocument, RunParentDocument, type RunComparisonQuery } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { decimal, integer, missing, percent } from '../../theme/format';
import { Facts, Panel, Table } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';

type Comparison = RunComparisonQuery['runComparison'];

/** Before and after, for a run that retrains another: on test, both by the labels of the run after. */
export function RunComparisonPanel({ run: id }: { run: string }): ReactNode {
  const { data, refetch } = useQuery(RunParentDocument, { variables: { id }, fetchPolicy: 'cache-and-network' });
  const run = data?.trainingRun;
  useRefetchOn(run ? (run.newest?.number ?? 0) : undefined, refetch);
  if (!run?.parent?.epoch || !run.newest) return null;
  return <Compared key={run.newest.number} before={run.parent} after={id} />;
}

function Compared({ before, after }: { before: { id: string; name: string }; after: string }): ReactNode {
  const { data, error, refetch } = useQuery(RunComparisonDocument, {
    variables: { before: before.id, after, split: 'TEST' },
    fetchPolicy: 'network-only',
  });
  const comparison = data?.runComparison;
  return (
    <Panel
      title="Against the run before"
      note={
        <>
          <Link href={routes.run(before.id)}>{before.name}</Link>, on test, both by the labels of this run
        </>
      }
    >
      {error && !comparison ? (
        <Failure error={error} retry={refetch} />
      ) : !comparison ? (
        <Loading height={180} />
      ) : (
        <>
          <Facts facts={facts(comparison)} />
          <ByClass comparison={comparison} />
          <Changes comparison={comparison} run={after} />
        </>
      )}
    </Panel>
  );
}

function facts({ accuracyBefore, accuracyAfter, counts, differences }: Comparison): (readonly [string, ReactNode])[] {
  return [
    ['Accuracy', `${percent(accuracyBefore)} → ${percent(accuracyAfter)}`],
    ['Mended', integer(counts.mended)],
    ['Broken', integer(counts.broken)],
    ['Label changed', integer(counts.label + counts.both)],
    ['Prediction changed', integer(counts.prediction + counts.both)],
    ['Both', integer(counts.both)],
    ['Settings that differ', differences.length === 0 ? 'none' : differences.join(', ')],
  ];
}

function ByClass({ comparison: { perClass } }: { comparison: Comparison }): ReactNode {
  return (
    <Table label="F1 by class, before and after">
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col" data-number>
            Recall
          </th>
          <th scope="col" data-number>
            F1 before
          </th>
          <th scope="col" data-number>
            F1 after
          </th>
          <th scope="col" data-number>
            Change
          </th>
        </tr>
      </thead>
      <tbody>
        {perClass.map((row) => (
          <tr key={row.class}>
            <th scope="row">{row.class}</th>
            <td data-number>
              {percent(row.recallBefore)} → {percent(row.recallAfter)}
            </td>
            <td data-number>{decimal(row.f1Before)}</td>
            <td data-number>{decimal(row.f1After)}</td>
            <td data-number>
              {row.f1Delta === null ? missing : `${row.f1Delta > 0 ? '+' : ''}${row.f1Delta.toFixed(3)}`}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Changes({ comparison: { changes }, run }: { comparison: Comparison; run: string }): ReactNode {
  if (changes.totalCount === 0) return <p className="plot-note">No sample changed.</p>;
  return (
    <Table label="Samples that changed">
      <thead>
        <tr>
          <th scope="col">Sample</th>
          <th scope="col">Label</th>
          <th scope="col">Prediction</th>
        </tr>
      </thead>
      <tbody>
        {changes.nodes.map((change) => (
          <tr key={change.sample.id}>
            <th scope="row">
              <Link href={routes.sample(change.sample.id, { run })}>{change.sample.key}</Link>
            </th>
            <td>
              {change.labelBefore === change.labelAfter ? (
                change.labelAfter
              ) : (
                <b>
                  {change.labelBefore} → {change.labelAfter}
                </b>
              )}
            </td>
            <td>
              {change.predictionBefore === change.predictionAfter ? (
                change.predictionAfter
              ) : (
                <b>
                  {change.predictionBefore} → {change.predictionAfter}
                </b>
              )}
            </td>
          </tr>
        ))}
        {changes.totalCount > changes.nodes.length && (
          <tr>
            <td colSpan={3}>
              and {integer(changes.totalCount - changes.nodes.length)} more: <code>runComparison.changes</code>
            </td>
          </tr>
        )}
      </tbody>
    </Table>
  );
}
