'use client';
import type { ReactNode } from 'react';
import { Failure } from '../theme/states';

export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }): ReactNode {
  return <Failure error={error} retry={reset} />;
}
