'use client';
import { useLazyQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { DetectFormatDocument, type DetectFormatQuery } from '../../graphql/generated/graphql';
import styles from './import-jobs.module.css';

type Fit = DetectFormatQuery['detectFormat'][number];

/** What formats find in a folder, asked for by a click. */
export function FolderFits({ directory }: { directory: string }): ReactNode {
  const [ask, { data, loading, error }] = useLazyQuery(DetectFormatDocument, { fetchPolicy: 'network-only' });
  const [asked, setAsked] = useState<string | null>(null);
  const look = (): void => {
    setAsked(directory);
    void ask({ variables: { directory } });
  };
  const fits = asked === directory ? data?.detectFormat : undefined;
  const best = fits?.find((fit) => fit.fits);
  return (
    <div className={styles.fits}>
      <Button size="compact-sm" variant="light" disabled={directory === ''} loading={loading} onClick={look}>
        What is it?
      </Button>
      {error && asked === directory && <p role="alert">{error.message}</p>}
      {best && (
        <>
          <p>
            It is <b>{best.format}</b>: {best.summary}.
          </p>
          <Parts fit={best} />
        </>
      )}
      {fits && !best && (
        <>
          <p>It fits no format. What each misses:</p>
          <ul>
            {fits.map((fit) => (
              <li key={fit.format}>
                <b>{fit.format}</b>:{' '}
                {fit.parts
                  .filter((part) => part.found === null)
                  .map((part) => part.what)
                  .join('; ')}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Parts({ fit }: { fit: Fit }): ReactNode {
  return (
    <ul>
      {fit.parts.map((part) => (
        <li key={part.what}>
          {part.what}: <code>{part.found}</code>
        </li>
      ))}
    </ul>
  );
}
