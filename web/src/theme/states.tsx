import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { RetryIcon } from './icons';
import styles from './panel.module.css';

/** A grey shape of the size of what will come. */
export function Loading({ height, label = 'Loading' }: { height: number | string; label?: string }): ReactNode {
  return <div role="status" aria-label={label}><Skeleton height={height} radius="sm" /></div>;
}

export function Failure({ error, retry }: { error: { message: string }; retry?: () => unknown }): ReactNode {
  return (
    <div className={styles.state} role="alert">
      <b>This could not be loaded</b>
      <p>{error.message}</p>
      {retry && <Button variant="light" leftSection={<RetryIcon />} onClick={() => void retry()}>Try again</Button>}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return <div className={styles.state}><b>{title}</b>{children}</div>;
}
