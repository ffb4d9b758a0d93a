'use client';
import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useCallback, type ReactNode } from 'react';
import type { ConfusionChoicesQuery, Opinion } from '../../graphql/generated/graphql';
import { EpochPlayer } from '../../plots/epoch-player';
import { opinionName, opinions } from './opinions';
import type { ConfusionView } from './use-confusion-view';

type Run = NonNullable<ConfusionChoicesQuery['trainingRun']>;
const choices = opinions.map((value) => ({ value, label: opinionName[value] }));
const noCells = { cells: null, row: null, column: null };

export function ConfusionControls({ view, run }: { view: ConfusionView; run: Run }): ReactNode {
  const { url } = view;
  const newest = run.epoch?.number ?? 0;
  const epoch = Math.min(view.epoch ?? newest, newest);
  const { set } = url;
  const choose = useCallback(
    (chosen: number) => set({ epoch: chosen >= newest ? null : String(chosen) }),
    [set, newest],
  );
  const opinion = (name: 'rows' | 'columns', value: Opinion): ReactNode => (
    <NativeSelect
      aria-label={name === 'rows' ? 'Rows' : 'Columns'}
      title={name}
      value={value}
      data={choices}
      onChange={(event) => url.set({ [name]: event.currentTarget.value, ...noCells })}
    />
  );
  return (
    <>
      <NativeSelect
        aria-label="Split"
        value={view.split}
        data={run.dataset.splits.map(({ split }) => ({ value: split, label: split.toLowerCase() }))}
        onChange={(event) => url.set({ split: event.currentTarget.value })}
      />
      {opinion('rows', view.rows)}
      <span aria-hidden="true">×</span>
      {opinion('columns', view.columns)}
      <SegmentedControl
        aria-label="Numbers in cells"
        value={view.show}
        data={[
          { value: 'counts', label: 'counts' },
          { value: 'share', label: 'row %' },
          { value: 'expected', label: 'expected' },
          { value: 'difference', label: 'difference' },
        ]}
        onChange={(value) => url.set({ show: value === 'counts' ? null : value })}
      />
      {view.show === 'difference' && <Against view={view} run={run} />}
      {newest > 0 && <EpochPlayer last={newest} epoch={epoch} onChoose={choose} />}
    </>
  );
}

/** What the shown matrix is compared with: another run of the data set, or an epoch of this one. */
function Against({ view, run }: { view: ConfusionView; run: Run }): ReactNode {
  const newest = run.epoch?.number ?? 0;
  const others = run.dataset.runs.filter((one) => one.id !== run.id && one.epoch !== null);
  const value = view.against === null ? '' : 'run' in view.against ? view.against.run : String(view.against.epoch);
  return (
    <NativeSelect
      aria-label="Compared with"
      title="compared with"
      value={value}
      maw={220}
      data={[
        { value: '', label: 'less epoch 1' },
        ...Array.from({ length: Math.max(0, newest - 1) }, (_, place) => ({
          value: String(place + 2),
          label: `less epoch ${place + 2}`,
        })),
        ...others.map((one) => ({ value: one.id, label: `less ${one.name} (${one.id})` })),
      ]}
      onChange={(event) => view.url.set({ against: event.currentTarget.value })}
    />
  );
}
