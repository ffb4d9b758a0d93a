'use client';
import { Button, NativeSelect } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import type { UrlState } from '../../navigation/url-state';
import { integer } from '../../theme/format';
import { BackIcon, NextIcon } from '../../theme/icons';
import { useNeighbours } from './use-neighbours';

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

/** Previous and next in the list the face was opened from; also by the arrow keys. */
export function Walk({
  sample,
  dataset,
  run,
  url,
}: {
  sample: string;
  dataset: string;
  run: string | null;
  url: UrlState;
}): ReactNode {
  const router = useRouter();
  const { previous, next, place, query } = useNeighbours(sample, dataset, run, url);
  const go = (id: string | null): void => {
    if (id) router.replace(routes.sample(id, query));
  };
  useHotkeys(
    [
      ['ArrowLeft', () => go(previous)],
      ['ArrowRight', () => go(next)],
    ],
    ['INPUT', 'SELECT', 'TEXTAREA', 'DIV'],
  );
  const step = (id: string | null, label: string, icon: ReactNode, left: boolean): ReactNode =>
    id === null ? (
      <Button variant="default" disabled leftSection={left && icon} rightSection={!left && icon}>
        {label}
      </Button>
    ) : (
      <Button
        variant="default"
        component={Link}
        replace
        href={routes.sample(id, query)}
        leftSection={left && icon}
        rightSection={!left && icon}
      >
        {label}
      </Button>
    );
  return (
    <>
      {place !== null && (
        <span className="plot-weak">
          {integer(place + 1)} in {url.get('list') ? 'the list' : 'the data set'}
        </span>
      )}
      {step(previous, 'Previous', <BackIcon />, true)}
      {step(next, 'Next', <NextIcon />, false)}
    </>
  );
}
