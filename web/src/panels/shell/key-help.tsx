'use client';
import { ActionIcon } from '@mantine/core';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useKeys } from '../../navigation/keys';

const KeyListWindow = lazy(() => import('./key-list-window'));

/** `?` lists the keys that do something on the page that is open. */
export function KeyHelp(): ReactNode {
  /** Null until it is first asked for. */
  const [opened, setOpened] = useState<boolean | null>(null);
  const toggle = (): void => setOpened((before) => !before);
  useKeys('Everywhere ', [{ key: '?', does: 'this list', run: toggle }]);
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Keys (?)" title="Keys (?)" onClick={toggle}>
        <span aria-hidden="true">?</span>
      </ActionIcon>
      {opened !== null && (
        <Suspense>
          <KeyListWindow opened={opened} close={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
