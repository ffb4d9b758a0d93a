'use client';
import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import { DownloadIcon } from './icons';
import type { PanelFilesProps } from './panel-files-menu';
import styles from './panel.module.css';

const PanelFilesMenu = lazy(() => import('./panel-files-menu'));

/**
 * Takes away what a panel shows: its tables, its pictures, its question. Style sheets hide it where a panel has none of
 * them, or a menu of its own; the menu is loaded when it is first asked for.
 */
export function PanelFiles({ title, query }: PanelFilesProps): ReactNode {
  const place = useRef<HTMLSpanElement>(null);
  const [asked, setAsked] = useState(false);
  const button = (
    <button
      type="button"
      className={styles.filesButton}
      aria-label={`Take away: ${title}`}
      title="Take away: table, picture, question, link"
      onClick={() => setAsked(true)}
    >
      <DownloadIcon />
    </button>
  );
  return (
    <span ref={place} className={styles.files} data-query={query !== undefined || undefined} data-testid="panel-files">
      {asked ? (
        <Suspense fallback={button}>
          <PanelFilesMenu title={title} query={query} panel={() => place.current?.closest('section') ?? null} />
        </Suspense>
      ) : (
        button
      )}
    </span>
  );
}
