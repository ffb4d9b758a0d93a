'use client';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { serverPath } from '../graphql/address';
import { useCallback, useMemo, useRef } from 'react';
import { useReportWrong } from './wrong-values';

/** Values of the page's query string by name; null removes one. */
type UrlChanges = Readonly<Record<string, string | null>>;

export interface UrlState {
  get: (name: string) => string | null;
  /** The value when it is one of `choices`, else the first of them; another value is said on the page. */
  oneOf: <T extends string>(name: string, choices: readonly T[], fallback?: T) => T;
  /** A whole number of at least 1, else null; what is none is said on the page. */
  count: (name: string) => number | null;
  /** Says on the page why a value of the address will not do; called while rendering. */
  refuse: (name: string, problem: string) => void;
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
      else window.history.replaceState(null, '', serverPath(target));
    },
    [path, router],
  );
  // Filled while the component and its children read the address; said when they have.
  const wrong = useRef(new Map<string, string>());
  wrong.current = new Map();
  useReportWrong(() => [...wrong.current].map(([name, problem]) => ({ name, problem })));
  return useMemo((): UrlState => {
    const get = (name: string): string | null => parameters.get(name);
    const refuse = (name: string, problem: string): void => {
      if (get(name)) wrong.current.set(name, `${name}=${get(name)}: ${problem}`);
    };
    return {
      get,
      oneOf: (name, choices, fallback = choices[0]) => {
        const found = choices.find((choice) => choice === get(name));
        if (found === undefined) refuse(name, `expected one of ${choices.join(', ')}.`);
        return found ?? fallback;
      },
      count: (name) => {
        if (/^[1-9]\d{0,8}$/.test(get(name) ?? '')) return Number(get(name));
        refuse(name, 'expected a whole number of at least 1.');
        return null;
      },
      refuse,
      set,
      query,
    };
  }, [parameters, set, query]);
}
