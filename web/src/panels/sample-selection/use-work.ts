'use client';
import { useState } from 'react';
import { errorWords } from '../../theme/error-words';

export interface Work {
  busy: boolean;
  /** What went wrong last, in words. */
  problem: string | null;
  during: (work: () => Promise<void>) => Promise<void>;
}

/** One piece of work at a time, whether it goes on, and why it failed. */
export function useWork(): Work {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const during = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(errorWords(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, during };
}
