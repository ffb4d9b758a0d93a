'use client';
import { Alert, Button, Skeleton } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { errorWords } from './error-words';
import { RetryIcon } from './icons';
import styles from './panel.module.css';

/** A grey shape of the size of what will come. */
export function Loading({ height, label = 'Loading' }: { height: number | string; label?: string }): ReactNode {
  return (
    <div role="status" aria-label={label} data-loading>
      <Skeleton height={height} radius="sm" />
    </div>
  );
}

export function Failure({ error, retry }: { error: { message: string }; retry?: () => unknown }): ReactNode {
  return (
    <div className={styles.state} role="alert">
      <b>This could not be loaded</b>
      <p>{errorWords(error)}</p>
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

export interface MissingProps {
  /** "run", "data set". */
  what: string;
  /** Where the others are. */
  href: string;
  others: string;
}

/** Something that is not there, or no longer, and the way to what is. */
export function Missing({ what, href, others }: MissingProps): ReactNode {
  return (
    <div className={styles.state} role="alert">
      <title>{`No such ${what} · Ada-DF`}</title>
      <h1>This {what} does not exist</h1>
      <p>It may have been deleted, or the address is mistyped.</p>
      <Button component={Link} href={href} variant="light">
        {others}
      </Button>
    </div>
  );
}

/** A value in the address that means nothing here: what it was, what would do, and a way to go on without it. */
export function WrongAddress({ problems, mend }: { problems: readonly string[]; mend: () => void }): ReactNode {
  if (problems.length === 0) return null;
  return (
    <Alert color="yellow" mb="md" role="alert" title="The address says something that is not there">
      {problems.map((problem) => (
        <p key={problem} style={{ margin: '0 0 6px' }}>
          {problem}
        </p>
      ))}
      <Button variant="default" onClick={mend}>
        Go on without it
      </Button>
    </Alert>
  );
}
