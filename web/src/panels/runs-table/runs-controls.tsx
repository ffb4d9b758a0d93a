'use client';
import { NativeSelect, TextInput } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { useKeys } from '../../navigation/keys';
import type { UrlState } from '../../navigation/url-state';
import { SearchIcon } from '../../theme/icons';
import { settingName } from '../../theme/format';
import type { RunRow } from './run-row';
import type { RunsView } from './runs-view';

const states = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;

export interface RunsControlsProps {
  url: UrlState;
  runs: readonly RunRow[];
  view: RunsView;
  settings: readonly string[];
}

/** Search, filters and groups. */
export function RunsControls({ url, runs, view, settings }: RunsControlsProps): ReactNode {
  const search = useRef<HTMLInputElement>(null);
  useKeys('Runs', [{ key: '/', does: 'search', run: () => search.current?.focus() }]);
  const datasets = [...new Map(runs.map(({ dataset }) => [dataset.id, dataset.name]))];
  const tags = [...new Set(runs.flatMap((run) => run.tags))].sort();
  return (
    <>
      <TextInput
        ref={search}
        aria-label="Search runs"
        placeholder="Search"
        leftSection={<SearchIcon />}
        value={view.text}
        onChange={(event) => url.set({ q: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="State"
        value={view.state ?? ''}
        data={[{ value: '', label: 'every state' }, ...states.map((one) => ({ value: one, label: one.toLowerCase() }))]}
        onChange={(event) => url.set({ state: event.currentTarget.value })}
      />
      {datasets.length > 1 && (
        <NativeSelect
          aria-label="Data set"
          value={view.dataset ?? ''}
          data={[{ value: '', label: 'every data set' }, ...datasets.map(([value, label]) => ({ value, label }))]}
          onChange={(event) => url.set({ dataset: event.currentTarget.value })}
        />
      )}
      {tags.length > 0 && (
        <NativeSelect
          aria-label="Tag"
          value={view.tag ?? ''}
          data={[{ value: '', label: 'any tag' }, ...tags]}
          onChange={(event) => url.set({ tag: event.currentTarget.value })}
        />
      )}
      <NativeSelect
        aria-label="Group by"
        value={view.group ?? 'none'}
        data={[
          { value: 'none', label: 'not grouped' },
          { value: 'settings', label: 'by all settings but the seed' },
          { value: 'dataset', label: 'by data set' },
          { value: 'labelSet', label: 'by labels' },
          { value: 'state', label: 'by state' },
          ...settings.map((name) => ({ value: name, label: `by ${settingName(name)}` })),
        ]}
        onChange={(event) => url.set({ group: event.currentTarget.value, sort: null, desc: null })}
      />
    </>
  );
}
