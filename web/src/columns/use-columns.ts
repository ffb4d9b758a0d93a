'use client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { columnsUrl, type ColumnsQuestion } from './columns-url';
import { readColumn, type ColumnData } from './read-column';

export interface Columns {
  /** By the name in the API; the last complete set while another loads. */
  data: ReadonlyMap<string, ColumnData> | null;
  /** What `data` answers. */
  epoch: number | null;
  loading: boolean;
  error: Error | null;
}

/** Most columns kept: 40 of a million numbers are 160 MB. */
const mostKept = 40;

/** Whole columns, each fetched once: another colour or axis costs one more column. */
export function useColumns(question: ColumnsQuestion | null, wanted: readonly string[]): Columns {
  const kept = useRef(new Map<string, Promise<ColumnData>>());
  const [state, setState] = useState<Columns>({ data: null, epoch: null, loading: true, error: null });
  const urls = useMemo(
    () => (question ? wanted.map((name) => [name, columnsUrl(question, [name])] as const) : []),
    // The key says all of it.
    [JSON.stringify([question, wanted])],
  );
  const epoch = question?.epoch ?? null;
  useEffect(() => {
    if (urls.length === 0) return;
    let left = false;
    setState((now) => ({ ...now, loading: true, error: null }));
    Promise.all(urls.map(async ([name, url]) => [name, await keptColumn(kept.current, url)] as const))
      .then((all) => left || setState({ data: new Map(all), epoch, loading: false, error: null }))
      .catch((error: unknown) => {
        if (!left) setState((now) => ({ ...now, loading: false, error: error as Error }));
      });
    return () => {
      left = true;
    };
  }, [urls, epoch]);
  return state;
}

function keptColumn(kept: Map<string, Promise<ColumnData>>, url: string): Promise<ColumnData> {
  const found = kept.get(url);
  if (found) return found;
  const reading = readColumn(url);
  kept.set(url, reading);
  reading.catch(() => kept.delete(url));
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  return reading;
}
