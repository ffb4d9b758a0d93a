'use client';
import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AnalysisOrder, OrderDirection, Split } from '../../graphql/generated/graphql';
import { labelParameters, orders } from '../../navigation/sample-list';
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

interface SampleFiltersProps {
  url: UrlState;
  classes: readonly string[];
  present: readonly Split[];
  orderBy: AnalysisOrder;
  direction: OrderDirection;
}

export function SampleFilters({ url, classes, present, orderBy, direction }: SampleFiltersProps): ReactNode {
  const select = (
    name: string,
    label: string,
    every: string,
    choices: readonly { value: string; label: string }[],
  ): ReactNode => (
    <NativeSelect
      key={name}
      aria-label={label}
      title={label}
      value={url.get(name) ?? ''}
      data={[{ value: '', label: every }, ...choices]}
      onChange={(event) => url.set({ [name]: event.currentTarget.value })}
    />
  );
  const labels = (Object.keys(labelParameters) as (keyof typeof labelParameters)[]).filter(
    (name) => shownAlways.includes(name) || url.get(name),
  );
  const filtered = ['split', 'correct', ...Object.keys(labelParameters)].filter((name) => url.get(name));
  return (
    <>
      {select(
        'split',
        'Split',
        'every split',
        present.map((value) => ({ value, label: value.toLowerCase() })),
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
      <NativeSelect
        aria-label="Order by"
        value={orderBy}
        data={orders.map((value) => ({ value, label: `by ${orderName[value]}` }))}
        onChange={(event) =>
          url.set({ order: event.currentTarget.value === 'INDEX' ? null : event.currentTarget.value })
        }
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={direction === 'ASCENDING' ? 'Ascending; switch to descending' : 'Descending; switch to ascending'}
        onClick={() => url.set({ direction: direction === 'ASCENDING' ? 'DESCENDING' : null })}
      >
        {direction === 'ASCENDING' ? '↑' : '↓'}
      </ActionIcon>
      {filtered.length > 0 && (
        <Button variant="subtle" onClick={() => url.set(Object.fromEntries(filtered.map((name) => [name, null])))}>
          clear filters
        </Button>
      )}
    </>
  );
}
