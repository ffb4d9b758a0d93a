'use client';
import { useEffect, useRef } from 'react';

/**
 * Asks again when `key` changes: a run's newest epoch, say, which a subscription keeps fresh in the cache. Not on the
 * first value.
 */
export function useRefetchOn(key: string | number | null | undefined, refetch: () => Promise<unknown>): void {
  const before = useRef(key);
  useEffect(() => {
    if (key === null || key === undefined || key === before.current) return;
    const first = before.current === undefined;
    before.current = key;
    // The panel shows the failure of its query itself.
    if (!first) void refetch().catch(() => undefined);
  }, [key, refetch]);
}
