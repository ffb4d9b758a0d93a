'use client';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useKeys } from '../../navigation/keys';
import { SearchIcon } from '../../theme/icons';
import styles from './command-palette.module.css';

const CommandPaletteWindow = lazy(() => import('./command-palette-window'));

/** Ctrl-K: goes anywhere by a few letters of its name. */
export function CommandPalettePanel(): ReactNode {
  /** Null until it is first asked for. */
  const [opened, setOpened] = useState<boolean | null>(null);
  useKeys('Everywhere', [
    { key: 'mod+k', does: 'go anywhere by its name', run: () => setOpened((before) => !before), always: true },
  ]);
  return (
    <>
      <button type="button" className={styles.open} onClick={() => setOpened(true)} aria-label="Go to… Ctrl K">
        <SearchIcon />
        <span>Go to…</span>
        <kbd>Ctrl K</kbd>
      </button>
      {opened !== null && (
        <Suspense>
          <CommandPaletteWindow opened={opened} close={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
