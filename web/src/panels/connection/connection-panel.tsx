'use client';
import { useEffect, useState, type ReactNode } from 'react';
import { useConnection } from '../../graphql/provider';
import styles from './connection-panel.module.css';

/** A loss shorter than this is not worth a word: a page that is being left also closes its socket. */
const patienceMilliseconds = 700;

/** Says that the page shows what was, while the server does not answer; goes by itself when it does again. */
export function ConnectionPanel(): ReactNode {
  const lost = useConnection() === 'lost';
  const [said, setSaid] = useState(false);
  useEffect(() => {
    if (!lost) {
      setSaid(false);
      return;
    }
    const timer = setTimeout(() => setSaid(true), patienceMilliseconds);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status" aria-live="polite" data-testid="connection">
      {said && (
        <p className={styles.lost}>
          <b>Connection lost.</b> This page shows what was last known; it comes back by itself when the server answers.
        </p>
      )}
    </div>
  );
}
