'use client';
import { useLazyQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { DetectFormatDocument, type DetectFormatQuery } from '../../graphql/generated/graphql';
import styles from './import-jobs.module.css';
import { errorWords } from '../../theme/error-words';

type Fit = DetectFormatQuery['detectFormat'][number];

const quietMilliseconds = 500;

interface FitsProps {
  directory: string;
  /** The format of the best fit, so that its options are shown; `auto` where none fits. */
  onFound: (format: string) => void;
}

/** What formats find in a folder; asked for by itself when the folder stands still. */
export function FolderFits({ directory, onFound }: FitsProps): ReactNode {
  const [ask, { data, loading, error }] = useLazyQuery(DetectFormatDocument, { fetchPolicy: 'network-only' });
  const [asked, setAsked] = useState<string | null>(null);
  const latest = useRef(onFound);
  latest.current = onFound;
  const standing = useRef(directory);
  standing.current = directory;
  const look = useCallback((): void => {
    setAsked(directory);
    // An answer about a folder that was left meanwhile says nothing of this one.
    const choose = (format: string): void => {
      if (standing.current === directory) latest.current(format);
    };
    void ask({ variables: { directory } }).then(
      ({ data: found }) => choose(found?.detectFormat.find((one) => one.fits)?.format ?? 'auto'),
      () => choose('auto'),
    );
  }, [ask, directory]);
  useEffect(() => {
    if (directory === '') return;
    const timer = setTimeout(look, quietMilliseconds);
    return () => clearTimeout(timer);
  }, [directory, look]);
  const fits = asked === directory ? data?.detectFormat : undefined;
  const best = fits?.find((fit) => fit.fits);
  return (
    <div className={styles.fits}>
      <Button size="compact-sm" variant="light" disabled={directory === ''} loading={loading} onClick={look}>
        Look again
      </Button>
      {error && asked === directory && <p role="alert">{errorWords(error)}</p>}
      {best && (
        <>
          <p>
            It is <b>{best.format}</b>: {best.summary}.
          </p>
          <Parts fit={best} />
        </>
      )}
      {fits && !best && <Nearest fits={fits} />}
    </div>
  );
}

const shownFormats = 2;

/** The formats of which something is there, and what is missing of them. */
function Nearest({ fits }: { fits: Fit[] }): ReactNode {
  const near = fits.filter((fit) => fit.parts.some((part) => part.found !== null || part.instead != null));
  const shown = (near.length > 0 ? near : fits.slice(-shownFormats)).slice(0, shownFormats);
  return (
    <>
      <p>It fits no format. What the nearest miss:</p>
      <ul>
        {shown.map((fit) => (
          <li key={fit.format}>
            <b>{fit.format}</b>:{' '}
            {fit.parts
              .filter((part) => part.found === null)
              .map((part) => `${part.what}${part.instead == null ? '' : ` (there is ${part.instead})`}`)
              .join('; ')}
          </li>
        ))}
      </ul>
    </>
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
