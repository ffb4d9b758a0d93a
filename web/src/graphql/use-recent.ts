'use client';
import { useEffect, useState } from 'react';

/** The last `limit` values that were seen since the page was opened; `key` says when there is a new one. */
export function useRecent(value: number | null | undefined, key: string, limit = 160): readonly number[] {
  const [values, setValues] = useState<readonly number[]>([]);
  useEffect(() => {
    if (value === null || value === undefined) return;
    setValues((before) => [...before, value].slice(-limit));
  }, [key, value, limit]);
  return values;
}
