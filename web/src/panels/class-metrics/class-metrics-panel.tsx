'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { ClassMetricsDocument, type ClassMetricsQuery, type Split } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useUrlState } from '../../navigation/url-state';
import { AttentionRange } from '../../plots/attention-range';
import { ClassName } from '../../plots/class-name';
import { ShareBar } from '../../plots/share-bar';
import { decimal, integer, notRecorded, percent } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Facts, Panel, Table, type PanelProps } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { Term } from '../../theme/term';

type Metrics = NonNullable<NonNullable<ClassMetricsQuery['trainingRun']>['epoch']>['metrics'][number];

interface Shown {
  metrics: Metrics | null;
  note: string;
  pending: ReactNode;
  before: boolean;
  query: PanelProps['query'];
}

/**
 * The metrics of the split and epoch that the page shows, or what to show instead of them; `before` the first epoch
 * that is nothing.
 */
function useShownMetrics(id: string): Shown {
  const url = useUrlState();
  const variables = { id, epoch: url.count('epoch') };
  const { data, previousData, error, refetch } = useQuery(ClassMetricsDocument, { variables });
  const run = data?.trainingRun;
  useRefetchOn(run ? (run.newest?.number ?? 0) : undefined, refetch);
  const epoch = (run ?? previousData?.trainingRun)?.epoch;
  const metrics = (epoch && metricsOf(epoch.metrics, url.get('split'))) ?? null;
  const pending =
    error && !run ? (
      <Failure error={error} retry={refetch} />
    ) : !run ? (
      <Loading height={180} />
    ) : (
      <Empty title="This epoch has no metrics" />
    );
  return {
    metrics,
    note: metrics && epoch ? `${metrics.split.toLowerCase()}, epoch ${epoch.number}` : '',
    pending,
    before: run?.newest === null,
    query: { document: ClassMetricsDocument, variables },
  };
}

/** Precision, recall and F1 of the target branch by class. */
export function ClassMetricsPanel({ run }: { run: string }): ReactNode {
  const { metrics, note, pending, before, query } = useShownMetrics(run);
  if (before) return null;
  return (
    <Panel
      title="By class"
      note={metrics ? `target branch on ${note}` : undefined}
      flush={metrics !== null}
      query={query}
    >
      {metrics ? <ByClass metrics={metrics} /> : pending}
    </Panel>
  );
}

/** Numbers over the whole split, and how its attention spreads. */
export function SplitMetricsPanel({ run }: { run: string }): ReactNode {
  const { metrics, note, pending, before, query } = useShownMetrics(run);
  if (before) return null;
  return (
    <>
      <Panel title="Over the split" note={note} query={query}>
        {metrics ? <Facts facts={summary(metrics)} /> : pending}
      </Panel>
      {metrics && (
        <Panel title="Attention w" note={note} query={query}>
          <AttentionSummary metrics={metrics} />
        </Panel>
      )}
    </>
  );
}

function metricsOf(all: readonly Metrics[], wanted: string | null): Metrics | undefined {
  const usual: readonly Split[] = ['VALIDATION', 'TEST', 'TRAIN'];
  return (
    all.find((one) => one.split === wanted) ??
    usual.map((split) => all.find((one) => one.split === split)).find((one) => one !== undefined)
  );
}

function ByClass({ metrics }: { metrics: Metrics }): ReactNode {
  const colours = classColours(metrics.perClass.map((row) => row.class));
  return (
    <Table label="Metrics by class">
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col" data-number>
            Precision
          </th>
          <th scope="col" data-number>
            Recall
          </th>
          <th scope="col" data-number>
            F1
          </th>
          <th scope="col" data-number>
            Support
          </th>
        </tr>
      </thead>
      <tbody>
        {metrics.perClass.map((row, place) => (
          <tr key={row.class}>
            <th scope="row">
              <ClassName name={row.class} colour={colours[place]} />
            </th>
            <td data-number>
              <ShareBar value={row.precision} />
            </td>
            <td data-number>
              <ShareBar value={row.recall} />
            </td>
            <td data-number>
              <ShareBar value={row.f1} />
            </td>
            <td data-number>{integer(row.support)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function summary(metrics: Metrics): (readonly [ReactNode, ReactNode])[] {
  return [
    ['Accuracy', percent(metrics.accuracy)],
    ['Auxiliary', said(metrics.auxiliaryAccuracy, percent)],
    ['On clean labels', percent(metrics.cleanAccuracy)],
    ['Balanced', percent(metrics.balancedAccuracy)],
    [<Term of="macroF1" />, decimal(metrics.macroF1)],
    ['Label entropy, nats', said(metrics.labelEntropy, decimal)],
    ['KL votes ‖ label', decimal(metrics.votesKlLabel)],
    ['KL votes ‖ fused', decimal(metrics.votesKlFused)],
    ['KL votes ‖ target', decimal(metrics.votesKlTarget)],
    ['Samples', integer(metrics.samples)],
  ];
}

/** Our own runs say it always. */
function said(value: number | null, format: (value: number) => string): string {
  return value === null ? notRecorded : format(value);
}

function AttentionSummary({ metrics: { attention } }: { metrics: Metrics }): ReactNode {
  if (!attention) return <p className="plot-note">Sample attention w: not recorded.</p>;
  const narrow = attention.p95 - attention.p5 < 0.05;
  return (
    <>
      <AttentionRange label="Sample attention w" {...attention} />
      <p className="plot-note">
        Tick: mean {decimal(attention.mean)}. Bar: 5th to 95th percentile, {decimal(attention.p5)} to{' '}
        {decimal(attention.p95)}. Line: {decimal(attention.minimum)} to {decimal(attention.maximum)}.
        {narrow && <b> The attention has collapsed: nearly every sample gets the same weight.</b>}
      </p>
    </>
  );
}
