'use client';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { addressBarPath } from '../graphql/address';
import { useCallback, useMemo } from 'react';

/** Values of the page's query string by name; null removes one. */
export type UrlChanges = Readonly<Record<string, string | null>>;

export interface UrlState {
  get: (name: string) => string | null;
  /** The value when it is one of `choices`, else the first of them. */
  oneOf: <T extends string>(name: string, choices: readonly T[], fallback?: T) => T;
  /** A whole number of at least 1, else null. */
  count: (name: string) => number | null;
  /** Writes several values at once, without a new entry in the history unless `push`. */
  set: (changes: UrlChanges, push?: boolean) => void;
  query: string;
}

/** The view lives in the URL, so that reload, back and a shared link show the same. */
export function useUrlState(): UrlState {
  const router = useRouter();
  const path = usePathname();
  const parameters = useSearchParams();
  const query = parameters.toString();
  const set = useCallback(
    (changes: UrlChanges, push = false) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      const target = text === '' ? path : `${path}?${text}`;
      if (push) router.push(target, { scroll: false });
      else window.history.replaceState(null, '', addressBarPath(target));
    },
    [path, router],
  );
  return useMemo(() => {
    const get = (name: string): string | null => parameters.get(name);
    return {
      get,
      oneOf: (name, choices, fallback = choices[0]) => choices.find((choice) => choice === get(name)) ?? fallback,
      count: (name) => (/^[1-9]\d{0,8}$/.test(get(name) ?? '') ? Number(get(name)) : null),
      set,
      query,
    };
  }, [parameters, set, query]);
}
