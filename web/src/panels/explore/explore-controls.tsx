'use client';
import { NativeSelect, Switch } from '@mantine/core';
import { useCallback, type ReactNode } from 'react';
import { EpochPlayer } from '../../plots/epoch-player';
import { measureName, measures } from '../../theme/measures';
import { MeasureName } from '../../theme/measure-name';
import type { ExploredRun } from './explored';
import { distributions, type ExploreView } from './explore-view';
import styles from './explore.module.css';

const spaceNames = {
  pair: 'given against other class',
  map: 'data map',
  measures: 'two measures',
  simplex: 'three classes',
  embedding: 'features (UMAP)',
} as const;

const spaceNotes: Record<ExploreView['space'], string> = {
  pair: 'Right: sure of the given label. Left and up: sure of another class. Near the diagonal: torn between two.',
  map: 'Top left: easy. Bottom left: hard, often mislabelled. Right: the model keeps changing its mind.',
  measures: 'Any two measures against each other.',
  simplex: 'Each corner is a class; the middle of an edge is torn between two, the middle between three.',
  embedding: 'Samples that the network sees alike lie near each other; the directions mean nothing.',
};

const colourNames = {
  given: 'given label',
  target: 'target branch',
  auxiliary: 'auxiliary branch',
  fused: 'fused',
  votes: 'votes',
  clean: 'clean label',
  split: 'split',
  flip: 'target ≠ given',
} as const;

const measureChoices = Object.keys(measures).map((value) => ({ value, label: measureName(value) }));

interface ControlsProps {
  view: ExploreView;
  run: ExploredRun;
  newest: number;
  epoch: number;
  chosen: number;
  /** Why there are no trails, where there are none. */
  trailsNote: string | null;
}

export function ExploreControls({ view, run, newest, epoch, chosen, trailsNote }: ControlsProps): ReactNode {
  const { url } = view;
  const { set } = url;
  const choose = useCallback((next: number) => set({ epoch: next >= newest ? null : String(next) }), [set, newest]);
  const select = (name: string, label: string, value: string, data: readonly { value: string; label: string }[]) => (
    <NativeSelect
      aria-label={label}
      title={label}
      value={value}
      data={[...data]}
      onChange={(event) => set({ [name]: event.currentTarget.value, ...(name === 'colour' ? {} : { lasso: null }) })}
    />
  );
  return (
    <div className={styles.controls}>
      {select('space', 'What the places mean', view.space, [
        ...Object.entries(spaceNames).map(([value, label]) => ({ value, label })),
      ])}
      <SpaceControls view={view} classes={run.dataset.classes} select={select} />
      {select('colour', 'Colour', view.colour, [
        ...Object.entries(colourNames).map(([value, label]) => ({ value, label: `colour: ${label}` })),
        ...measureChoices.map(({ value, label }) => ({ value, label: `colour: ${label}` })),
      ])}
      {select('split', 'Split', view.filter.split ?? '', [
        { value: '', label: 'every split' },
        ...run.dataset.splits.map(({ split }) => ({ value: split, label: split.toLowerCase() })),
      ])}
      <EpochPlayer last={newest} epoch={epoch} onChoose={choose} />
      <Switch
        label="trails"
        checked={view.trails}
        onChange={(event) => set({ trails: event.currentTarget.checked ? 'on' : null })}
      />
      <p className="plot-note">
        {spaceNotes[view.space]}
        {view.space === 'measures' && (
          <>
            {' '}
            <MeasureName of={view.x} /> × <MeasureName of={view.y} />
          </>
        )}
        {view.trails && trailsNote && chosen > 0 ? ` ${trailsNote}` : ''}
      </p>
    </div>
  );
}

type Select = (
  name: string,
  label: string,
  value: string,
  data: readonly { value: string; label: string }[],
) => ReactNode;

function SpaceControls({
  view,
  classes,
  select,
}: {
  view: ExploreView;
  classes: readonly string[];
  select: Select;
}): ReactNode {
  const of = select(
    'of',
    'Whose distribution',
    view.of,
    distributions.map((value) => ({ value, label: `${value.toLowerCase()} distribution` })),
  );
  if (view.space === 'pair') return of;
  if (view.space === 'measures')
    return (
      <>
        {select('x', 'Across', view.x, measureChoices)}
        <span aria-hidden="true">×</span>
        {select('y', 'Up', view.y, measureChoices)}
      </>
    );
  if (view.space !== 'simplex') return null;
  return (
    <>
      {of}
      {view.corners.map((place, corner) => (
        <NativeSelect
          key={corner}
          aria-label={`Corner ${corner + 1}`}
          value={classes[place]}
          data={classes.map((value) => ({
            value,
            label: value,
            disabled: view.corners.some((other, n) => n !== corner && classes[other] === value),
          }))}
          onChange={(event) => {
            const names = view.corners.map((one) => classes[one]);
            names[corner] = event.currentTarget.value;
            view.url.set({ corners: names.join('|'), lasso: null });
          }}
        />
      ))}
    </>
  );
}
