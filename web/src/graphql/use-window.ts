'use client';
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Window<Item> {
  /** Null while it is not loaded. */
  at: (place: number) => Item | null;
  /** Loads what lies there and is not loaded yet; `to` exclusive. */
  need: (from: number, to: number) => void;
  error: Error | null;
}

/** Items loaded at once; the API gives up to 1000, but pictures of 200 fill a screen. */
const pageSize = 200;

/**
 * A long list of which only the parts that are looked at are loaded, wherever they lie. `key` says which list: another
 * one begins empty. `load` gives up to `count` items from a place on.
 */
export function useWindow<Item>(
  key: string,
  load: (from: number, count: number) => Promise<readonly Item[]>,
): Window<Item> {
  const pages = useRef(new Map<number, readonly Item[] | 'coming'>());
  const current = useRef(key);
  const latest = useRef(load);
  latest.current = load;
  const [version, setVersion] = useState(0);
  const [error, setError] = useState<Error | null>(null);
  if (current.current !== key) {
    current.current = key;
    pages.current = new Map();
  }
  useEffect(() => setError(null), [key]);
  const need = useCallback(
    (from: number, to: number): void => {
      for (let page = Math.floor(from / pageSize); page * pageSize < to; page++) {
        if (pages.current.has(page)) continue;
        const held = pages.current;
        held.set(page, 'coming');
        latest
          .current(page * pageSize, pageSize)
          .then((items) => {
            held.set(page, items);
            setVersion((before) => before + 1);
          })
          .catch((problem: unknown) => {
            held.delete(page);
            setError(problem instanceof Error ? problem : new Error(String(problem)));
          });
      }
    },
    [key],
  );
  const at = useCallback(
    (place: number): Item | null => {
      const page = pages.current.get(Math.floor(place / pageSize));
      return page === undefined || page === 'coming' ? null : (page[place % pageSize] ?? null);
    },
    // Cards are drawn anew when a page came.
    [key, version],
  );
  return { at, need, error };
}
