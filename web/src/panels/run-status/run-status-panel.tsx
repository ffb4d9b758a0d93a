'use client';
import { useMutation, useQuery, useSubscription } from '@apollo/client/react';
import { Alert, Button } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import {
  CancelTrainingDocument,
  ResumeTrainingDocument,
  RunProgressDocument,
  RunStatusDocument,
  type RunStatusFragment,
} from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { RunStateBadge } from '../../plots/run-state';
import { StopIcon } from '../../theme/icons';
import { PageHead } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { RunProgressBar } from './run-progress-bar';

const pollMilliseconds = 5_000;

/**
 * Head of a run's page: what it is, how far it is, and the button that stops it. Keeps the run in the cache fresh while
 * it trains.
 */
export function RunStatusPanel({ run: id, children }: { run: string; children: ReactNode }): ReactNode {
  const { data, error, refetch, startPolling, stopPolling } = useQuery(RunStatusDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const run = data?.trainingRun;
  const queued = run?.state === 'QUEUED';
  // What a queued run waits for changes with the workers, of which no event tells.
  useEffect(() => {
    if (!queued) return;
    startPolling(pollMilliseconds);
    return stopPolling;
  }, [queued, startPolling, stopPolling]);
  useSubscription(RunProgressDocument, { variables: { id }, skip: !run || !isUnderWay(run) });
  if (error && !run) return <Failure error={error} retry={refetch} />;
  if (data && !run)
    return (
      <Empty title="This run does not exist">
        <p>The address may be mistyped.</p>
      </Empty>
    );
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
        title={
          <>
            {run.name} <RunStateBadge state={run.state} testId="run-state" />
          </>
        }
        aside={isUnderWay(run) ? <CancelButton run={run} /> : run.state !== 'COMPLETED' && <ResumeButton run={run} />}
      />
      {run.error && (
        <Alert color="red" mb="md" title="The run failed">
          {run.error}
        </Alert>
      )}
      <RunProgressBar run={run} epochs={run.configuration?.epochs ?? run.recording?.epochs ?? run.epoch?.number ?? 0} />
      {children}
    </>
  );
}

function isUnderWay(run: RunStatusFragment): boolean {
  return run.state === 'QUEUED' || run.state === 'RUNNING';
}

function ResumeButton({ run }: { run: RunStatusFragment }): ReactNode {
  const [resume, { loading, error }] = useMutation(ResumeTrainingDocument, { variables: { run: run.id } });
  return (
    <>
      {error && (
        <span role="alert" style={{ color: 'var(--bad)' }}>
          {error.message}
        </span>
      )}
      <Button
        size="sm"
        variant="default"
        loading={loading}
        onClick={() => void resume().catch(() => undefined)}
        title="Goes on from its last checkpoint"
      >
        Go on
      </Button>
    </>
  );
}

function CancelButton({ run }: { run: RunStatusFragment }): ReactNode {
  const [cancel, { loading }] = useMutation(CancelTrainingDocument, { variables: { run: run.id } });
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = async (): Promise<void> => {
    setAsked(false);
    setProblem(null);
    await cancel().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  };
  if (run.cancelRequested)
    return (
      <Button size="sm" variant="default" disabled>
        Stopping after this step…
      </Button>
    );
  return (
    <>
      {problem && (
        <span role="alert" style={{ color: 'var(--bad)' }}>
          {problem}
        </span>
      )}
      {asked ? (
        <>
          <span>What is recorded stays.</span>
          <Button size="sm" color="red" loading={loading} leftSection={<StopIcon />} onClick={() => void confirm()}>
            Stop the run
          </Button>
          <Button size="sm" variant="default" onClick={() => setAsked(false)}>
            Keep training
          </Button>
        </>
      ) : (
        <Button
          size="sm"
          variant="default"
          leftSection={<StopIcon />}
          loading={loading}
          onClick={() => setAsked(true)}
          data-testid="cancel-run"
        >
          Cancel
        </Button>
      )}
    </>
  );
}
