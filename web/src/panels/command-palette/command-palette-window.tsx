'use client';
import { useLazyQuery } from '@apollo/client/react';
import { Modal, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { useEffect, useState, type KeyboardEvent, type ReactNode } from 'react';
import { PaletteTargetsDocument, type PaletteTargetsQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import styles from './command-palette.module.css';
import { findTargets, type Target } from './find-targets';
import { errorWords } from '../../theme/error-words';

const pages: readonly Target[] = [
  { name: 'Data sets', kind: 'page', href: routes.datasets },
  { name: 'Import a data set', kind: 'action', href: routes.importDataset },
  { name: 'Runs', kind: 'page', href: routes.runs },
  { name: 'Start training', kind: 'action', href: routes.train() },
  { name: 'Explore', kind: 'page', href: routes.explore },
  { name: 'Review labels', kind: 'page', href: routes.review() },
  { name: 'Experiments', kind: 'page', href: routes.experiments },
  { name: 'Models and prediction', kind: 'page', href: routes.models },
  { name: 'API', kind: 'page', href: routes.api },
  { name: 'First page', kind: 'page', href: routes.overview },
];

/** Loaded when it is first asked for. */
export default function CommandPaletteWindow({ opened, close }: { opened: boolean; close: () => void }): ReactNode {
  return (
    <Modal opened={opened} onClose={close} title="Go to" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Palette close={close} />
    </Modal>
  );
}

function Palette({ close }: { close: () => void }): ReactNode {
  const router = useRouter();
  const [ask, { data, error }] = useLazyQuery(PaletteTargetsDocument, { fetchPolicy: 'cache-and-network' });
  useEffect(() => {
    // What it found is in `data`, and what went wrong in `error`.
    void ask().catch(() => undefined);
  }, [ask]);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = findTargets([...pages, ...targetsOf(data)], text);
  const place = Math.min(at, found.length - 1);
  const go = (target: Target | undefined): void => {
    if (!target) return;
    close();
    router.push(target.href);
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(place + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(place - 1, 0));
    else if (event.key === 'Enter') go(found[place]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        size="md"
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={found[place] ? `palette-${place}` : undefined}
        aria-label="Name of a page, run, data set or model"
        placeholder="Name of a page, run, data set or model"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      {error && !data && (
        <p className="plot-note">Runs, data sets and models cannot be listed now: {errorWords(error)}</p>
      )}
      <Targets found={found} place={place} point={setAt} go={go} />
      {found.length === 0 && <p className="plot-note">Nothing has such a name.</p>}
    </>
  );
}

interface TargetsProps {
  found: readonly Target[];
  place: number;
  point: (place: number) => void;
  go: (target: Target) => void;
}

function Targets({ found, place, point, go }: TargetsProps): ReactNode {
  return (
    <ul id="palette-list" role="listbox" aria-label="Where to go" className={styles.list}>
      {found.map((target, index) => (
        <li
          key={target.href + target.name}
          id={`palette-${index}`}
          role="option"
          aria-selected={index === place}
          onMouseMove={() => point(index)}
          onClick={() => go(target)}
        >
          <span>{target.name}</span>
          <small>{target.kind}</small>
        </li>
      ))}
    </ul>
  );
}

function targetsOf(data: PaletteTargetsQuery | undefined): Target[] {
  if (!data) return [];
  return [
    ...data.savedViews.map(({ name, path }) => ({ name, kind: 'saved view', href: path })),
    ...data.datasets.map(({ id, name }) => ({ name, kind: 'data set', href: routes.dataset(id) })),
    ...data.datasets.map(({ id, name }) => ({
      name: `Review ${name}`,
      kind: 'action',
      href: routes.review({ dataset: id }),
    })),
    ...data.trainingRuns.nodes.map(({ id, name, state, dataset }) => ({
      name,
      kind: `run, ${state.toLowerCase()}, on ${dataset.name}`,
      href: routes.run(id),
    })),
    ...data.models.map(({ id, name, version, stage }) => ({
      name: `${name} v${version}`,
      kind: `model, ${stage.toLowerCase()}`,
      href: `${routes.models}?model=${id}`,
    })),
  ];
}
