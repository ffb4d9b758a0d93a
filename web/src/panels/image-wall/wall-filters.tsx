'use client';
import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { Split } from '../../graphql/generated/graphql';
import type { UrlState } from '../../navigation/url-state';
import { SearchIcon } from '../../theme/icons';

interface FiltersProps {
  url: UrlState;
  classes: readonly string[];
  present: readonly Split[];
}

export function WallFilters({ url, classes, present }: FiltersProps): ReactNode {
  const search = useDebouncedCallback((text: string) => url.set({ key: text }), 250);
  return (
    <>
      <NativeSelect
        aria-label="Split"
        value={url.get('split') ?? ''}
        data={[
          { value: '', label: 'every split' },
          ...present.map((one) => ({ value: one, label: one.toLowerCase() })),
        ]}
        onChange={(event) => url.set({ split: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="Given label"
        value={url.get('given') ?? ''}
        data={[{ value: '', label: 'every label' }, ...classes]}
        onChange={(event) => url.set({ given: event.currentTarget.value })}
      />
      <TextInput
        aria-label="Key contains"
        placeholder="key contains"
        leftSection={<SearchIcon />}
        defaultValue={url.get('key') ?? ''}
        onChange={(event) => search(event.currentTarget.value)}
        w={170}
      />
    </>
  );
}
