import { useApolloClient, useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, Group, Progress } from '@mantine/core';
import Link from 'next/link';
import { useEffect, type ReactNode } from 'react';
import { DrawingProgressDocument, StopDrawingDocument, type DrawingJobFragment } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useNow } from '../../navigation/use-now';
import { integer } from '../../theme/format';
import { StopIcon } from '../../theme/icons';
import styles from './draw-faces.module.css';

/** Milliseconds. */
const interval = 600;

/** Follows one drawing to its end; it goes on when this is closed. */
export function Drawing({ started, again }: { started: DrawingJobFragment; again: () => void }): ReactNode {
  const client = useApolloClient();
  const { data, startPolling, stopPolling } = useQuery(DrawingProgressDocument, {
    variables: { id: started.id },
    fetchPolicy: 'network-only',
  });
  const job = data?.importJob ?? started;
  const active = job.state === 'QUEUED' || job.state === 'RUNNING';
  const complete = job.state === 'COMPLETED';
  useEffect(() => {
    if (!active) return;
    startPolling(interval);
    return stopPolling;
  }, [active, startPolling, stopPolling]);
  useEffect(() => {
    if (complete) void client.refetchQueries({ include: ['DatasetCards'] });
  }, [complete, client]);
  return (
    <div className={styles.drawing} aria-live="polite" data-testid="drawing">
      <b>{job.name}</b>
      {job.state === 'QUEUED' && <p>Waits for its turn. It starts by itself.</p>}
      {job.state === 'RUNNING' && <Running job={job} />}
      {complete && job.dataset && (
        <p>
          {job.unchanged
            ? 'These faces were drawn before: nothing was written.'
            : `${integer(job.dataset.sampleCount)} faces are drawn.`}
        </p>
      )}
      {job.state === 'CANCELLED' && <p>Stopped; nothing was kept.</p>}
      {job.error && (
        <Alert color="red" role="alert">
          {job.error.message}
        </Alert>
      )}
      <Group justify="flex-end" mt="sm">
        {active && <StopButton job={job.id} />}
        {!active && (
          <Button size="sm" variant="light" onClick={again}>
            Draw others
          </Button>
        )}
        {job.dataset && (
          <Button size="sm" component={Link} href={routes.dataset(job.dataset.id)} data-testid="open-faces">
            Open the data set
          </Button>
        )}
      </Group>
    </div>
  );
}

function StopButton({ job }: { job: string }): ReactNode {
  const [stop, { loading }] = useMutation(StopDrawingDocument);
  return (
    <Button
      size="sm"
      variant="light"
      color="gray"
      leftSection={<StopIcon />}
      loading={loading}
      onClick={() => void stop({ variables: { job } })}
    >
      Stop
    </Button>
  );
}

function Running({ job: { progress, startedAt } }: { job: DrawingJobFragment }): ReactNode {
  const now = useNow(1000);
  const done = progress?.imported ?? 0;
  const total = progress?.expected ?? null;
  const seconds = startedAt ? (now - new Date(startedAt).getTime()) / 1000 : 0;
  return (
    <>
      <Progress.Root size={10}>
        <Progress.Section
          value={total ? (100 * done) / total : 0}
          animated
          aria-label="Faces drawn"
          aria-valuetext={`${done} of ${total ?? 'unknown'}`}
        />
      </Progress.Root>
      <p className="numbers">
        {integer(done)}
        {total ? ` of ${integer(total)}` : ''} faces
        {seconds > 2 && done > 0 ? ` · ${integer(Math.round(done / seconds))} a second` : ''}
      </p>
      <p>You may close this: drawing goes on, and the data set appears by itself.</p>
    </>
  );
}
