'use client';
import { useMutation } from '@apollo/client/react';
import { Alert, Button, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState, type FormEvent, type ReactNode } from 'react';
import { SaveSelectionDocument, type SaveSelectionMutation } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { integer } from '../../theme/format';
import type { Chosen } from './chosen';
import { useWork } from './use-work';
import styles from './sample-selection.module.css';

type Saved = SaveSelectionMutation['saveSampleList'];
const formats = ['csv', 'parquet', 'arrow'] as const;

/** Keeps them under a name; a saved list is a filter everywhere, and has files. */
export function SaveChosen({ chosen }: { chosen: Chosen }): ReactNode {
  const [save] = useMutation(SaveSelectionDocument, { refetchQueries: ['DatasetLists', 'ExploreRun'] });
  const [name, setName] = useState('');
  const { busy, problem, during } = useWork();
  const [saved, setSaved] = useState<Saved | null>(null);
  const keep = async (): Promise<void> => {
    const samples = [...(await chosen.ids())];
    const input = { dataset: chosen.dataset, name, note: chosen.how, samples };
    const { data } = await save({ variables: { input } });
    setSaved(data?.saveSampleList ?? null);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void during(keep);
  };
  return (
    <form className={styles.part} onSubmit={submit}>
      <TextInput
        label="Name of the list"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy} disabled={name.trim() === ''}>
        Save {integer(chosen.count)}
      </Button>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
      {saved && (
        <Alert role="status" color="teal">
          “{saved.name}” holds {integer(saved.size)} samples:{' '}
          <Link href={routes.dataset(chosen.dataset, { saved: saved.id })}>see them</Link>
          {chosen.file &&
            formats.map((format) => (
              <span key={format}>
                {', '}
                <a href={chosen.file!(saved.id, format)} download>
                  {format.toUpperCase()}
                </a>
              </span>
            ))}
        </Alert>
      )}
    </form>
  );
}
