'use client';
import { useEffect, useId, useRef, useSyncExternalStore } from 'react';

/** A value of the address that means nothing on the page that is open. */
export interface WrongValue {
  name: string;
  /** What it is, and what would do. */
  problem: string;
}

let reports: ReadonlyMap<string, readonly WrongValue[]> = new Map();
let all: readonly WrongValue[] = [];
const listeners = new Set<() => void>();

function report(by: string, values: readonly WrongValue[]): void {
  if (values.length === 0 && !reports.has(by)) return;
  const next = new Map(reports);
  if (values.length === 0) next.delete(by);
  else next.set(by, values);
  reports = next;
  // Several panels read the same value.
  all = [...new Map([...next.values()].flat().map((value) => [value.name, value])).values()];
  for (const listener of listeners) listener();
}

/** What is known a moment later, such as which splits there are, may make sense of a value. */
const patienceMilliseconds = 500;

/** Says what a component could not read, while it is there; `found` is asked when it has rendered. */
export function useReportWrong(found: () => readonly WrongValue[]): void {
  const by = useId();
  const latest = useRef('');
  useEffect(() => {
    const timer = setTimeout(() => {
      const values = found();
      const words = JSON.stringify(values);
      if (words === latest.current) return;
      latest.current = words;
      report(by, values);
    }, patienceMilliseconds);
    return () => clearTimeout(timer);
  });
  useEffect(
    () => () => {
      latest.current = '';
      report(by, []);
    },
    [by],
  );
}

/** What the page that is open could not read. */
export function useWrongValues(): readonly WrongValue[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => all,
    () => all,
  );
}
