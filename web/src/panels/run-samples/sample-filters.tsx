'use client';
import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RunSamplesQuery } from '../../graphql/generated/graphql';
import { filterIn, labelParameters, orders, type RunSampleList } from '../../navigation/sample-list';
import type { UrlState } from '../../navigation/url-state';
import { orderName } from './measures';

const labelNames: Record<keyof typeof labelParameters, string> = {
  given: 'given label',
  clean: 'clean label',
  votes: 'votes',
  auxiliary: 'auxiliary branch',
  fused: 'fused',
  target: 'target branch',
};
const shownAlways: readonly string[] = ['given', 'target'];
const filterNames = ['split', 'correct', 'where', ...Object.keys(labelParameters)];

interface SampleFiltersProps {
  url: UrlState;
  run: NonNullable<RunSamplesQuery['trainingRun']>;
  list: RunSampleList;
}

export function SampleFilters({ url, run, list }: SampleFiltersProps): ReactNode {
  const { classes, splits } = run.dataset;
  const select = (name: string, label: string, every: string, choices: readonly Choice[]): ReactNode => (
    <Filter key={name} url={url} name={name} label={label} every={every} choices={choices} />
  );
  const labels = (Object.keys(labelParameters) as (keyof typeof labelParameters)[]).filter(
    (name) => shownAlways.includes(name) || url.get(name),
  );
  const filtered = filterNames.filter((name) => url.get(name));
  return (
    <>
      {select(
        'split',
        'Split',
        'every split',
        splits.map(({ split }) => ({ value: split, label: split.toLowerCase() })),
      )}
      {labels.map((name) =>
        select(
          name,
          labelNames[name],
          `any ${labelNames[name]}`,
          classes.map((value) => ({ value, label: `${labelNames[name]}: ${value}` })),
        ),
      )}
      {select('correct', 'Agreement of target branch and given label', 'right and wrong', [
        { value: 'true', label: 'target = given' },
        { value: 'false', label: 'target ≠ given' },
      ])}
      <Order url={url} list={list} />
      {url.get('where') && (
        <span className="plot-weak" title={url.get('where') ?? ''}>
          {filterIn(url.get('where')) ? 'and a filter of the address' : 'the filter of the address is none'}
        </span>
      )}
      {list.epoch !== null && (
        <Button variant="subtle" onClick={() => url.set({ epoch: null })}>
          newest epoch
        </Button>
      )}
      {filtered.length > 0 && (
        <Button variant="subtle" onClick={() => url.set(Object.fromEntries(filtered.map((name) => [name, null])))}>
          clear filters
        </Button>
      )}
    </>
  );
}

interface Choice {
  value: string;
  label: string;
}

interface FilterProps {
  url: UrlState;
  name: string;
  label: string;
  every: string;
  choices: readonly Choice[];
}

function Filter({ url, name, label, every, choices }: FilterProps): ReactNode {
  return (
    <NativeSelect
      aria-label={label}
      title={label}
      value={url.get(name) ?? ''}
      data={[{ value: '', label: every }, ...choices]}
      onChange={(event) => url.set({ [name]: event.currentTarget.value })}
    />
  );
}

function Order({ url, list: { orderBy, direction } }: { url: UrlState; list: RunSampleList }): ReactNode {
  const ascending = direction === 'ASCENDING';
  return (
    <>
      <NativeSelect
        aria-label="Order by"
        value={orderBy}
        data={orders.map((value) => ({ value, label: `by ${orderName(value)}` }))}
        onChange={(event) =>
          url.set({ order: event.currentTarget.value === 'INDEX' ? null : event.currentTarget.value })
        }
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={ascending ? 'Ascending; switch to descending' : 'Descending; switch to ascending'}
        onClick={() => url.set({ direction: ascending ? 'DESCENDING' : null })}
      >
        {ascending ? '↑' : '↓'}
      </ActionIcon>
    </>
  );
}
