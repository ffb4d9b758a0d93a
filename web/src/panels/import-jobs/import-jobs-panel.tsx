'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Progress } from '@mantine/core';
import Link from 'next/link';
import { useEffect, type ReactNode } from 'react';
import { CancelImportDocument, ImportJobsDocument, type ImportJobRowFragment } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useNow } from '../../navigation/use-now';
import { RunStateBadge } from '../../plots/run-state';
import { ago, dateTime, integer } from '../../theme/format';
import { StopIcon } from '../../theme/icons';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { JobReport } from './job-report';
import styles from './import-jobs.module.css';

/** Milliseconds between two questions while something runs, and while nothing does. */
const busyInterval = 700;
const idleInterval = 5000;

export function ImportJobsPanel(): ReactNode {
  const { data, error, refetch, startPolling, stopPolling } = useQuery(ImportJobsDocument, {
    fetchPolicy: 'cache-and-network',
  });
  const jobs = data?.importJobs;
  const busy = jobs?.some((job) => job.state === 'RUNNING' || job.state === 'QUEUED') ?? false;
  useEffect(() => {
    startPolling(busy ? busyInterval : idleInterval);
    return stopPolling;
  }, [busy, startPolling, stopPolling]);
  return (
    <Panel title="Imports" span={7} note={jobs && jobs.length > 0 ? `${jobs.length} newest` : undefined}>
      {error && !jobs ? (
        <Failure error={error} retry={refetch} />
      ) : !jobs ? (
        <Loading height={200} />
      ) : jobs.length === 0 ? (
        <Empty title="Nothing was imported here yet">
          <p>
            Imports run on the server: this page may be closed meanwhile. Those of the command line show on the{' '}
            <Link href={routes.overview}>overview</Link> when they are complete.
          </p>
        </Empty>
      ) : (
        <ul className={styles.jobs}>
          {jobs.map((job) => (
            <Job key={job.id} job={job} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Job({ job }: { job: ImportJobRowFragment }): ReactNode {
  const now = useNow(1000);
  const [cancel, { loading }] = useMutation(CancelImportDocument);
  const active = job.state === 'QUEUED' || job.state === 'RUNNING';
  return (
    <li className={styles.job} data-testid={job.id}>
      <div className={styles.jobHead}>
        <b>{job.dataset ? <Link href={routes.dataset(job.dataset.id)}>{job.dataset.name}</Link> : job.name}</b>
        <RunStateBadge state={job.state} />
        <span className="plot-weak">
          {job.format ?? 'format to be found'} · {job.source}
        </span>
        <span className={styles.when} title={dateTime(job.createdAt)}>
          {ago(job.createdAt, now)}
        </span>
        {active && (
          <Button
            size="compact-xs"
            variant="light"
            color="gray"
            leftSection={<StopIcon />}
            loading={loading}
            onClick={() => void cancel({ variables: { job: job.id } })}
          >
            Stop
          </Button>
        )}
      </div>
      {job.state === 'QUEUED' && <p>Waits for its turn. It starts by itself.</p>}
      {job.state === 'RUNNING' && <JobProgress job={job} now={now} />}
      {job.state === 'COMPLETED' && job.dataset && (
        <>
          <p>
            {job.unchanged
              ? 'It was imported before and is the same: nothing was written.'
              : `${integer(job.dataset.sampleCount)} images, ${integer(job.dataset.importReport.skipped)} rows left out.`}
          </p>
          <p>
            <Link href={routes.dataset(job.dataset.id)}>Open it</Link> ·{' '}
            <Link href={routes.train({ dataset: job.dataset.id })}>Train on it</Link>
          </p>
        </>
      )}
      {job.state === 'CANCELLED' && <p>Stopped; nothing was kept.</p>}
      {job.error && (
        <pre className={styles.error} role="alert">
          {job.error.message}
        </pre>
      )}
      {job.report && <JobReport report={job.report} />}
    </li>
  );
}

function JobProgress({ job, now }: { job: ImportJobRowFragment; now: number }): ReactNode {
  const { progress, startedAt } = job;
  if (!progress) return <p>Begins …</p>;
  const done = progress.imported + progress.skipped;
  if (progress.phase === 'UNPACKING') return <p className="numbers">{integer(done)} files unpacked</p>;
  const seconds = startedAt ? (now - new Date(startedAt).getTime()) / 1000 : 0;
  const share = progress.expected ? Math.min(1, done / progress.expected) : null;
  return (
    <>
      <Progress.Root size={10}>
        <Progress.Section
          value={(share ?? 1) * 100}
          animated
          aria-label="Progress"
          aria-valuetext={share === null ? 'unknown' : `${Math.round(share * 100)} %`}
        />
      </Progress.Root>
      <p className="numbers">
        {integer(progress.imported)} images, {integer(progress.skipped)} left out
        {progress.expected ? `, of ${integer(progress.expected)} rows` : ''}
        {seconds > 2 ? ` · ${integer(Math.round(done / seconds))} rows/s` : ''}
      </p>
    </>
  );
}
