'use client';
import { useMutation } from '@apollo/client/react';
import { Alert, Button, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { MakeReviewedSetDocument } from '../../graphql/generated/graphql';
import { newKey } from '../../graphql/outbox/entry';
import { openOutbox } from '../../graphql/outbox/use-outbox';
import { DecidedSoFar, flushMilliseconds, freeName, type RetrainFormProps } from './decided-so-far';
import styles from './review.module.css';

/** Nobody here can run the code of a run that was trained elsewhere: its list of labels is mended, and taken there. */
export function MendedListForm({ dataset, counts, run, waiting }: RetrainFormProps): ReactNode {
  const [name, setName] = useState(() => freeName(counts.labelSets.map((set) => set.name)));
  const [base, setBase] = useState(run.labelSet.id);
  const [key] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [make, { data }] = useMutation(MakeReviewedSetDocument);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    setBusy(true);
    try {
      await (await openOutbox()).flush(flushMilliseconds);
      const input = { dataset, name: name.trim(), base };
      await make({ variables: { input, key: `${key} set ${name.trim()} ${base}`.slice(0, 200) } });
    } catch (error) {
      setProblem(error instanceof Error ? error.message.replace(/^input\./, '') : String(error));
    } finally {
      setBusy(false);
    }
  };
  const made = data?.makeLabelSet;
  return (
    <form onSubmit={(event) => void send(event)} className={styles.after} data-testid="mended-list-form">
      <DecidedSoFar counts={counts} waiting={waiting} />
      <TextInput
        label="Name of the label set"
        value={name}
        maxLength={100}
        required
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Labels to correct"
        value={base}
        data={counts.labelSets.map((set) => ({ value: set.id, label: set.name }))}
        onChange={(event) => setBase(event.currentTarget.value)}
      />
      {made ? (
        <Button component="a" href={made.csvUrl} download size="sm">
          Download “{made.name}” as CSV
        </Button>
      ) : (
        <Button type="submit" size="sm" loading={busy}>
          Make the set
        </Button>
      )}
      <p className="plot-note">
        “{run.name}” was trained elsewhere: train there with the mended list, record that run too, and compare the two.
      </p>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
    </form>
  );
}
