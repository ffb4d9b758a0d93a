'use client';
import { useMutation } from '@apollo/client/react';
import { Alert, Button, NativeSelect } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { LabelSelectionDocument, UndoSelectionDocument, type LabelChangeInput } from '../../graphql/generated/graphql';
import { integer } from '../../theme/format';
import type { Chosen } from './chosen';
import { useWork } from './use-work';
import styles from './sample-selection.module.css';

/** Changes that the server takes at once. */
const mostAtOnce = 10_000;
const confirmed = '';

interface Done {
  batches: readonly string[];
  samples: number;
  undone: boolean;
}

/** One label for all of them, with a way back. What was decided is there even where a later part failed. */
export function LabelChosen({ chosen }: { chosen: Chosen }): ReactNode {
  const [label, setLabel] = useState<string>(chosen.classes[0] ?? confirmed);
  const [send] = useMutation(LabelSelectionDocument);
  const [takeBack] = useMutation(UndoSelectionDocument);
  const { busy, problem, during } = useWork();
  const [done, setDone] = useState<Done | null>(null);
  const decide = async (): Promise<void> => {
    const ids = await chosen.ids();
    const batches: string[] = [];
    for (let start = 0; start < ids.length; start += mostAtOnce) {
      const part = ids.slice(start, start + mostAtOnce);
      const batch = crypto.randomUUID();
      const changes = part.map((sample): LabelChangeInput =>
        label === confirmed ? { sample, action: 'CONFIRM' } : { sample, action: 'RELABEL', label },
      );
      await send({ variables: { input: { changes, idempotencyKey: batch, note: chosen.how } } });
      batches.push(batch);
      setDone({ batches: [...batches], samples: start + part.length, undone: false });
    }
  };
  const undo = async (): Promise<void> => {
    for (const batch of done!.batches) await takeBack({ variables: { dataset: chosen.dataset, batch } });
    setDone({ ...done!, undone: true });
  };
  return (
    <div className={styles.part}>
      <NativeSelect
        label="Label"
        value={label}
        data={[
          ...chosen.classes.map((name) => ({ value: name, label: name })),
          { value: confirmed, label: 'right as they are' },
        ]}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <Button loading={busy} onClick={() => void during(decide)}>
        {label === confirmed ? `Confirm ${integer(chosen.count)}` : `Label ${integer(chosen.count)} as ${label}`}
      </Button>
      <p className="plot-note">
        Decisions are kept beside the labels; a label set changes only when one is made of them.
      </p>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
      {done && <Outcome done={done} busy={busy} undo={() => void during(undo)} />}
    </div>
  );
}

function Outcome({ done, busy, undo }: { done: Done; busy: boolean; undo: () => void }): ReactNode {
  return (
    <Alert role="status" color={done.undone ? 'gray' : 'teal'}>
      {integer(done.samples)} {done.undone ? 'decisions were taken back.' : 'samples were decided on.'}{' '}
      {!done.undone && (
        <Button size="compact-xs" variant="default" loading={busy} onClick={undo}>
          Undo
        </Button>
      )}
    </Alert>
  );
}
