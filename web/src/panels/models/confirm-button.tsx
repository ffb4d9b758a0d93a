'use client';
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';

interface ConfirmProps {
  label: string;
  /** What the second click does, in words. */
  sure: string;
  loading: boolean;
  onSure: () => void;
}

/** A button that asks once more. */
export function ConfirmButton({ label, sure, loading, onSure }: ConfirmProps): ReactNode {
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <Button variant="default" loading={loading} onClick={() => setAsked(true)}>
        {label}
      </Button>
    );
  return (
    <>
      <Button
        color="red"
        loading={loading}
        onClick={() => {
          setAsked(false);
          onSure();
        }}
      >
        {sure}
      </Button>
      <Button variant="default" onClick={() => setAsked(false)}>
        Leave it
      </Button>
    </>
  );
}
