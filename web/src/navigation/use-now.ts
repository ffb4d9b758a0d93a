'use client';
import { useEffect, useState } from 'react';

/**
 * The time in milliseconds, renewed every `interval`; the same during server and first client render is not needed
 * where data comes later.
 */
export function useNow(interval = 15_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}
