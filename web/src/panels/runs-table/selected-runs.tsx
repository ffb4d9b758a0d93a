'use client';
import { useMutation } from '@apollo/client/react';
import { Button, Popover, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState, type FormEvent, type ReactNode } from 'react';
import { TagRunDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import type { RunRow } from './run-row';
import styles from './runs-table.module.css';
import { errorWords } from '../../theme/error-words';

const mostCompared = 30;

/** What can be done with the runs that are selected. */
export function SelectedRuns({ runs, clear }: { runs: readonly RunRow[]; clear: () => void }): ReactNode {
  if (runs.length === 0) return null;
  const ready = runs.filter((run) => run.results.length > 0);
  const fits = ready.length >= 2 && ready.length <= mostCompared;
  return (
    <div className={styles.selected} role="group" aria-label="Selected runs">
      <b>{runs.length} selected</b>
      {fits ? (
        <Button component={Link} href={routes.compare(ready.map(({ id }) => id))} data-testid="compare">
          Compare {ready.length}
        </Button>
      ) : (
        <span className="plot-weak">
          {ready.length > mostCompared
            ? `at most ${mostCompared} are compared at once`
            : 'two that have recorded an epoch can be compared'}
        </span>
      )}
      <Tagging runs={runs} />
      <Button variant="subtle" onClick={clear}>
        Select none
      </Button>
    </div>
  );
}

function Tagging({ runs }: { runs: readonly RunRow[] }): ReactNode {
  const [describe, { loading, error }] = useMutation(TagRunDocument);
  const [opened, setOpened] = useState(false);
  const [tag, setTag] = useState('');
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const word = tag.trim();
    try {
      for (const run of runs)
        await describe({
          variables: { run: run.id, input: { tags: [...run.tags.filter((one) => one !== word), word] } },
        });
      setOpened(false);
      setTag('');
    } catch {
      // The message is in `error`.
    }
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpened(!opened)}>
          Add a tag…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={(event) => void send(event)} className={styles.tagging}>
          <TextInput
            label="Tag"
            value={tag}
            maxLength={40}
            error={error && errorWords(error)}
            data-autofocus
            onChange={(event) => setTag(event.currentTarget.value)}
          />
          <Button type="submit" loading={loading} disabled={tag.trim() === ''}>
            Tag {runs.length}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
