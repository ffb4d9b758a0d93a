import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { RetryIcon } from './icons';
import styles from './panel.module.css';

/** A grey shape of the size of what will come. */
export function Loading({ height, label = 'Loading' }: { height: number | string; label?: string }): ReactNode {
  return (
    <div role="status" aria-label={label}>
      <Skeleton height={height} radius="sm" />
    </div>
  );
}

/** What browsers say of a request that reached nobody. */
const unreachable = /^(failed to fetch|load failed|networkerror)/i;

export function Failure({ error, retry }: { error: { message: string }; retry?: () => unknown }): ReactNode {
  return (
    <div className={styles.state} role="alert">
      <b>This could not be loaded</b>
      <p>{unreachable.test(error.message) ? 'The server does not answer. Is it still running?' : error.message}</p>
      {retry && (
        <Button variant="light" leftSection={<RetryIcon />} onClick={() => void retry()}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className={styles.state}>
      <b>{title}</b>
      {children}
    </div>
  );
}
