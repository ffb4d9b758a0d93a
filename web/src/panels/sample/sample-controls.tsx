'use client';
import { Button, NativeSelect } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import type { MouseEvent, ReactNode } from 'react';
import { serverPath } from '../../graphql/address';
import { routes } from '../../navigation/routes';
import type { UrlState } from '../../navigation/url-state';
import { integer } from '../../theme/format';
import { BackIcon, NextIcon } from '../../theme/icons';
import { usePlace, type PlaceQuestion } from './use-place';

export function RunPicker({
  runs,
  run,
  url,
}: {
  runs: readonly { id: string; name: string }[];
  run: string | null;
  url: UrlState;
}): ReactNode {
  if (runs.length < 2) return null;
  return (
    <NativeSelect
      aria-label="Run"
      value={run ?? ''}
      data={runs.map((one) => ({ value: one.id, label: one.name }))}
      onChange={(event) => url.set({ run: event.currentTarget.value, epoch: null })}
      maw={220}
    />
  );
}

/** Previous and next in the list the face was opened from; also by the arrow keys. No page is loaded for it. */
export function Walk(question: PlaceQuestion): ReactNode {
  const { previous, next, number, query } = usePlace(question);
  const go = (id: string | null): void => {
    if (id) window.history.replaceState(null, '', serverPath(routes.sample(id, query)));
  };
  useHotkeys(
    [
      ['ArrowLeft', () => go(previous)],
      ['ArrowRight', () => go(next)],
    ],
    ['INPUT', 'SELECT', 'TEXTAREA', 'DIV'],
  );
  const step = (id: string | null, label: string, icon: ReactNode, left: boolean): ReactNode => {
    const shared = { variant: 'default', leftSection: left && icon, rightSection: !left && icon };
    if (id === null)
      return (
        <Button {...shared} disabled>
          {label}
        </Button>
      );
    return (
      <Button
        {...shared}
        component="a"
        href={serverPath(routes.sample(id, query))}
        onClick={(event: MouseEvent) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          go(id);
        }}
      >
        {label}
      </Button>
    );
  };
  return (
    <>
      {number !== null && (
        <span className="plot-weak">
          {integer(number)} in {question.url.get('list') ? 'the list' : 'the data set'}
        </span>
      )}
      {step(previous, 'Previous', <BackIcon />, true)}
      {step(next, 'Next', <NextIcon />, false)}
    </>
  );
}
