'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, FileInput, NativeSelect, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState, type FormEvent, type ReactNode } from 'react';
import {
  type Capture,
  FinishRecordingDocument,
  RecordFilesDocument,
  RecordRunDatasetsDocument,
  type Split,
} from '../../graphql/generated/graphql';
import { newKey } from '../../graphql/outbox/entry';
import { routes } from '../../navigation/routes';
import { integer } from '../../theme/format';
import { Panel } from '../../theme/panel';
import styles from './record-run.module.css';
import { inOrder, sendFile, type Taken } from './send-file';

const splits: readonly { value: Split; label: string }[] = [
  { value: 'TRAIN', label: 'Training' },
  { value: 'VALIDATION', label: 'Validation' },
  { value: 'TEST', label: 'Test' },
];
const captures: readonly { value: Capture; label: string }[] = [
  { value: 'TRAINING_PASS', label: 'while it trained' },
  { value: 'EVALUATION_PASS', label: 'in a pass after each epoch' },
];

interface Choice {
  dataset: string;
  capture: Capture;
  name: string;
  split: Split;
}

/** Files that other tools wrote become a run. */
export function RecordFilesPanel(): ReactNode {
  const { data } = useQuery(RecordRunDatasetsDocument);
  const [files, setFiles] = useState<File[]>([]);
  const [choice, setChoice] = useState<Choice>({ dataset: '', capture: 'TRAINING_PASS', name: '', split: 'TRAIN' });
  const { busy, taken, run, problem, send } = useRecordFiles();
  const dataset = choice.dataset || data?.datasets.at(-1)?.id || '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send(inOrder(files), { ...choice, dataset });
  };
  return (
    <Panel
      title="Take in files of other tools"
      note="cartography’s dynamics_epoch_E.jsonl, AUM’s full_aum_records.csv, probabilities as CSV, Parquet or .npz"
    >
      <form onSubmit={submit} className={styles.form} data-testid="record-files">
        <FileInput
          label="Files"
          placeholder="One or several"
          multiple
          clearable
          accept=".jsonl,.json,.csv,.parquet,.npz,.arrow"
          value={files}
          onChange={setFiles}
        />
        <Choices choice={{ ...choice, dataset }} choose={setChoice} datasets={data?.datasets ?? []} />
        <Button type="submit" size="sm" loading={busy} disabled={files.length === 0 || dataset === ''}>
          Record
        </Button>
      </form>
      {taken.length > 0 && (
        <p className="plot-note" role="status">
          {taken.length === 1 ? 'One epoch' : `${taken.length} epochs`} taken, {integer(taken.at(-1)!.samples)} samples
          in the last: {taken.at(-1)!.columns.join(', ')}.{' '}
          {busy ? 'More is being sent: stay on this page.' : run && <Link href={routes.run(run)}>Open the run</Link>}
        </p>
      )}
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
    </Panel>
  );
}

interface ChoicesProps {
  choice: Choice;
  choose: (choice: Choice) => void;
  datasets: readonly { id: string; name: string }[];
}

function Choices({ choice, choose, datasets }: ChoicesProps): ReactNode {
  return (
    <>
      <NativeSelect
        label="Data set"
        value={choice.dataset}
        data={datasets.map((one) => ({ value: one.id, label: one.name }))}
        onChange={(event) => choose({ ...choice, dataset: event.currentTarget.value })}
      />
      <NativeSelect
        label="Samples of"
        value={choice.split}
        data={[...splits]}
        onChange={(event) => choose({ ...choice, split: event.currentTarget.value as Split })}
      />
      <NativeSelect
        label="Taken down"
        value={choice.capture}
        data={[...captures]}
        onChange={(event) => choose({ ...choice, capture: event.currentTarget.value as Capture })}
      />
      <TextInput
        label="Name"
        placeholder="of the run"
        value={choice.name}
        maxLength={100}
        onChange={(event) => choose({ ...choice, name: event.currentTarget.value })}
      />
    </>
  );
}

function useRecordFiles(): {
  busy: boolean;
  taken: readonly Taken[];
  run: string | null;
  problem: string | null;
  send: (files: readonly File[], choice: Choice) => Promise<void>;
} {
  const [record] = useMutation(RecordFilesDocument);
  const [finish] = useMutation(FinishRecordingDocument);
  const [busy, setBusy] = useState(false);
  const [taken, setTaken] = useState<readonly Taken[]>([]);
  const [run, setRun] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // One key as long as nothing was begun: a second press after an answer was lost begins nothing twice.
  const [key, setKey] = useState(newKey);
  return {
    busy,
    taken,
    run,
    problem,
    send: async (files, { dataset, capture, name, split }) => {
      setBusy(true);
      setProblem(null);
      setTaken([]);
      let begun: string | null = null;
      try {
        const input = { dataset, capture, name: name.trim() || null };
        const { id } = (await record({ variables: { input, key } })).data!.recordRun;
        begun = id;
        setKey(newKey());
        setRun(id);
        for (const file of files) {
          const parts = await sendFile(id, file, split);
          setTaken((before) => [...before, ...parts]);
        }
        await finish({ variables: { run: id, state: 'COMPLETED', error: null } });
      } catch (error) {
        const message = error instanceof Error ? error.message.replace(/^input\./, '') : String(error);
        setProblem(message);
        // What was taken before stays.
        if (begun) await finish({ variables: { run: begun, state: 'FAILED', error: message } }).catch(() => undefined);
      } finally {
        setBusy(false);
      }
    },
  };
}
