'use client';
import { NativeSelect, SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Opinion, Split } from '../../graphql/generated/graphql';
import { opinionName, opinions } from './opinions';
import type { ConfusionView } from './use-confusion-view';

const choices = opinions.map((value) => ({ value, label: opinionName[value] }));

export function ConfusionControls({
  view,
  splits,
  newest,
}: {
  view: ConfusionView;
  splits: readonly Split[];
  newest: number;
}): ReactNode {
  const { url } = view;
  const opinion = (name: 'rows' | 'columns', value: Opinion): ReactNode => (
    <NativeSelect
      aria-label={name === 'rows' ? 'Rows' : 'Columns'}
      title={name}
      value={value}
      data={choices}
      onChange={(event) => url.set({ [name]: event.currentTarget.value, row: null, column: null })}
    />
  );
  return (
    <>
      <NativeSelect
        aria-label="Split"
        value={view.split}
        data={splits.map((value) => ({ value, label: value.toLowerCase() }))}
        onChange={(event) => url.set({ split: event.currentTarget.value })}
      />
      {opinion('rows', view.rows)}
      <span aria-hidden="true">×</span>
      {opinion('columns', view.columns)}
      <NativeSelect
        aria-label="Epoch"
        value={view.epoch !== null && view.epoch < newest ? String(view.epoch) : ''}
        data={[
          { value: '', label: 'newest epoch' },
          ...Array.from({ length: Math.max(0, newest - 1) }, (_, place) => ({
            value: String(newest - 1 - place),
            label: `epoch ${newest - 1 - place}`,
          })),
        ]}
        onChange={(event) => url.set({ epoch: event.currentTarget.value })}
      />
      <SegmentedControl
        aria-label="Numbers in cells"
        value={view.show}
        data={[
          { value: 'counts', label: 'counts' },
          { value: 'share', label: 'row %' },
        ]}
        onChange={(value) => url.set({ show: value === 'counts' ? null : value })}
      />
    </>
  );
}
