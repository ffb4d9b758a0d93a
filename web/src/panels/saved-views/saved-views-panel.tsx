'use client';
import { ActionIcon } from '@mantine/core';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { StarIcon } from '../../theme/icons';

const SavedViewsWindow = lazy(() => import('./saved-views-window'));

/** What the address holds, kept under a name: a button everywhere, whose window comes when it is first asked for. */
export function SavedViewsPanel(): ReactNode {
  const [opened, setOpened] = useState<boolean | null>(null);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label="Saved views"
        title="Saved views: keep this one, go to another"
        onClick={() => setOpened(true)}
        data-testid="saved-views"
      >
        <StarIcon />
      </ActionIcon>
      {opened !== null && (
        <Suspense>
          <SavedViewsWindow opened={opened} close={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
