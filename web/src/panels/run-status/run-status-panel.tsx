'use client';
import { useQuery, useSubscription } from '@apollo/client/react';
import { Badge } from '@mantine/core';
import Link from 'next/link';
import { useEffect, type ReactNode } from 'react';
import { RunProgressDocument, RunStatusDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { RunStateBadge } from '../../plots/run-state';
import { PageHead } from '../../theme/panel';
import { Empty, Failure, Loading, Missing } from '../../theme/states';
import { FailedRun } from './failed-run';
import { RunActions } from './run-actions';
import { RunProgressBar } from './run-progress-bar';
import { epochsOf, isUnderWay, type RunStatus } from './run-status';

/**
 * What a queued run waits for changes with the workers, of which no event tells; and events are lost while the server
 * restarts. So a run under way is also asked about.
 */
const pollMilliseconds = 5_000;

export interface RunStatusPanelProps {
  run: string;
  /** While it trains. */
  live: ReactNode;
  /** Once an epoch is recorded. */
  analysis: ReactNode;
  /** Always, below. */
  children: ReactNode;
}

/**
 * Head of a run's page: what it is, how far it is, and all that one can do with it. Keeps the run in the cache fresh
 * while it trains.
 */
export function RunStatusPanel({ run: id, live, analysis, children }: RunStatusPanelProps): ReactNode {
  const { data, error, refetch, startPolling, stopPolling } = useQuery(RunStatusDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const run = data?.trainingRun;
  const underWay = run ? isUnderWay(run) : false;
  useEffect(() => {
    if (!underWay) return;
    startPolling(pollMilliseconds);
    return stopPolling;
  }, [underWay, startPolling, stopPolling]);
  useSubscription(RunProgressDocument, { variables: { id }, skip: !underWay });
  if (error && !run) return <Failure error={error} retry={refetch} />;
  if (data && !run) return <Missing what="run" href={routes.runs} others="All runs" />;
  if (!run)
    return (
      <>
        <PageHead crumbs={[{ label: 'Runs', href: routes.runs }]} title="…" />
        <Loading height={480} />
      </>
    );
  return (
    <>
      <PageHead
        crumbs={[
          { label: run.dataset.name, href: routes.dataset(run.dataset.id) },
          { label: 'Runs', href: routes.runs },
          { label: run.name },
        ]}
        tab={`${tabState(run)}${run.name}`}
        title={
          <>
            {run.name} <RunStateBadge state={run.state} testId="run-state" />
          </>
        }
      >
        <About run={run} />
      </PageHead>
      <RunActions run={run} />
      <FailedRun run={run} />
      <RunProgressBar run={run} epochs={epochsOf(run)} />
      {live}
      {run.epoch ? analysis : <BeforeTheFirst run={run} />}
      {children}
    </>
  );
}

/** In place of all that is read from epochs, once. */
function BeforeTheFirst({ run }: { run: RunStatus }): ReactNode {
  return (
    <Empty title={isUnderWay(run) ? 'The first epoch is not recorded yet' : 'It ended before its first epoch'}>
      <p>
        {isUnderWay(run)
          ? 'Curves, class distributions and the confusion matrix appear by themselves after it.'
          : 'There is nothing to look at but its settings and what its worker said, below.'}
      </p>
    </Empty>
  );
}

/** "7/20 · " while it trains, "failed · " after. */
function tabState(run: RunStatus): string {
  if (run.state === 'RUNNING') return `${run.epoch?.number ?? 0}/${epochsOf(run)} · `;
  return run.state === 'COMPLETED' ? '' : `${run.state.toLowerCase()} · `;
}

function About({ run }: { run: RunStatus }): ReactNode {
  return (
    <>
      <p className="plot-note">
        on labels <Link href={routes.dataset(run.dataset.id, { labels: run.labelSet.id })}>{run.labelSet.name}</Link>
        {run.parent && (
          <>
            , retrains <Link href={routes.run(run.parent.id)}>{run.parent.name}</Link>
          </>
        )}{' '}
        {run.tags.map((tag) => (
          <Badge key={tag} variant="light" size="sm" tt="none">
            {tag}
          </Badge>
        ))}
      </p>
      {run.notes && <p style={{ margin: '4px 0 0', whiteSpace: 'pre-wrap', maxWidth: '80ch' }}>{run.notes}</p>}
    </>
  );
}
