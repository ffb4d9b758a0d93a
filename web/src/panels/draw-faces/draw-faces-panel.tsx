'use client';
import { Button } from '@mantine/core';
import { lazy, Suspense, useState, type ReactNode } from 'react';

const DrawFacesWindow = lazy(() => import('./draw-faces-window'));

/** The button that opens the form. */
export function DrawFacesPanel(): ReactNode {
  /** Null until it is first asked for. */
  const [opened, setOpened] = useState<boolean | null>(null);
  return (
    <>
      <Button variant="light" onClick={() => setOpened(true)} data-testid="draw-faces">
        Draw faces
      </Button>
      {opened !== null && (
        <Suspense>
          <DrawFacesWindow opened={opened} close={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
