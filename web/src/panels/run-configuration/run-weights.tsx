'use client';
import { useMutation } from '@apollo/client/react';
import { Alert, Button, FileInput, Group, Modal, NumberInput, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState, type FormEvent, type ReactNode } from 'react';
import {
  AttachWeightsDocument,
  ImportRunWeightsDocument,
  type ImportWeightsInput,
  RunConfigurationDocument,
  type RunConfigurationQuery,
} from '../../graphql/generated/graphql';
import { newKey } from '../../graphql/outbox/entry';
import { uploadFile } from '../../graphql/upload';
import { routes } from '../../navigation/routes';
import { errorWords } from '../../theme/error-words';
import { bytes } from '../../theme/format';
import styles from './run-configuration.module.css';

type Weights = NonNullable<NonNullable<RunConfigurationQuery['trainingRun']>['weights']>;

interface RunWeightsProps {
  run: string;
  weights: Weights;
  classes: readonly string[];
}

/** Files of weights of a recorded run: had, attached, and made a model of. */
export function RunWeights({ run, weights, classes }: RunWeightsProps): ReactNode {
  const [attaching, setAttaching] = useState(false);
  const [importing, setImporting] = useState<Weights[number] | null>(null);
  return (
    <div>
      <h3>Weights</h3>
      <ul className={styles.weights}>
        {weights.map((file) => (
          <li key={file.id}>
            <a href={file.url} download>
              {file.fileName}
            </a>{' '}
            <span>
              {file.epoch === null ? '' : `epoch ${file.epoch}, `}
              {bytes(file.bytes)}
            </span>{' '}
            <Button size="compact-xs" variant="light" onClick={() => setImporting(file)}>
              Make a model
            </Button>
          </li>
        ))}
        {weights.length === 0 && <li>not recorded</li>}
      </ul>
      <Button size="compact-sm" variant="default" onClick={() => setAttaching(true)} data-testid="attach-weights">
        Attach weights…
      </Button>
      <Modal opened={attaching} onClose={() => setAttaching(false)} title="Attach weights" closeButtonProps={closes}>
        <AttachForm run={run} done={() => setAttaching(false)} />
      </Modal>
      <Modal
        opened={importing !== null}
        onClose={() => setImporting(null)}
        title={`A model of ${importing?.fileName ?? ''}`}
        closeButtonProps={closes}
      >
        {importing && <ImportForm weights={importing} classes={classes} />}
      </Modal>
    </div>
  );
}

const closes = { 'aria-label': 'Close' };

function AttachForm({ run, done }: { run: string; done: () => void }): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const [epoch, setEpoch] = useState<number | string>('');
  const { sending, problem, send } = useAttach(run, done);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send(file, typeof epoch === 'number' ? epoch : null);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Problem text={problem} />
      <FileInput
        label="File"
        description="of any kind: it is kept byte for byte, and nothing in it is executed"
        placeholder="choose"
        value={file}
        onChange={setFile}
        clearable
        data-testid="attached-file"
      />
      <NumberInput
        mt="sm"
        label="Epoch"
        description="after which it was saved; empty: not said"
        min={1}
        allowDecimal={false}
        value={epoch}
        onChange={setEpoch}
      />
      <Group justify="flex-end" mt="md">
        <Button type="submit" loading={sending}>
          Attach
        </Button>
      </Group>
    </form>
  );
}

interface Attaching {
  sending: boolean;
  problem: string | null;
  send: (file: File | null, epoch: number | null) => Promise<void>;
}

function useAttach(run: string, done: () => void): Attaching {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [attach] = useMutation(AttachWeightsDocument, {
    refetchQueries: [RunConfigurationDocument],
    awaitRefetchQueries: true,
  });
  const send = async (file: File | null, epoch: number | null): Promise<void> => {
    if (!file) return setProblem('Choose a file first.');
    setSending(true);
    setProblem(null);
    try {
      const upload = await uploadFile(file);
      await attach({ variables: { run, upload, epoch, key: newKey() } });
      done();
    } catch (error) {
      setProblem(errorWords(error));
    } finally {
      setSending(false);
    }
  };
  return { sending, problem, send };
}

function ImportForm({ weights, classes }: { weights: Weights[number]; classes: readonly string[] }): ReactNode {
  const [values, setValues] = useState<ImportValues>({ classes: classes.join(', '), imageSize: '', part: '' });
  const [problem, setProblem] = useState<string | null>(null);
  const [model, setModel] = useState<{ id: string; name: string } | null>(null);
  const [importWeights, { loading }] = useMutation(ImportRunWeightsDocument);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!/^\d{0,4}$/.test(values.imageSize.trim())) return setProblem('Image size: expected pixels.');
    setProblem(null);
    try {
      const { data } = await importWeights({ variables: { input: inputOf(weights.id, values), key: newKey() } });
      setModel(data!.importWeights);
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  if (model)
    return (
      <p role="status">
        <Link href={`${routes.models}?model=${model.id}`}>{model.name}</Link> can predict, be evaluated, and a training
        can start from it.
      </p>
    );
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Problem text={problem} />
      <ImportFields values={values} change={(more) => setValues({ ...values, ...more })} />
      <Group justify="flex-end" mt="md">
        <Button type="submit" loading={loading}>
          Make a model
        </Button>
      </Group>
    </form>
  );
}

interface ImportValues {
  classes: string;
  imageSize: string;
  part: string;
}

function inputOf(weights: string, { classes, imageSize, part }: ImportValues): ImportWeightsInput {
  const named = classes.trim();
  return {
    weights,
    classes: named ? named.split(',').map((name) => name.trim()) : null,
    imageSize: imageSize.trim() ? Number(imageSize) : null,
    part: part.trim() || null,
  };
}

interface ImportFieldsProps {
  values: ImportValues;
  change: (more: Partial<ImportValues>) => void;
}

function ImportFields({ values, change }: ImportFieldsProps): ReactNode {
  return (
    <>
      <TextInput
        label="Classes"
        description="in the order of the logits, with commas between; empty for a backbone, or where the file says"
        autoComplete="off"
        value={values.classes}
        onChange={(event) => change({ classes: event.currentTarget.value })}
      />
      <TextInput
        mt="sm"
        label="Network of the file"
        description="where it holds several, like state_dict_ema; empty: the first"
        autoComplete="off"
        value={values.part}
        onChange={(event) => change({ part: event.currentTarget.value })}
      />
      <TextInput
        mt="sm"
        label="Image size"
        description="pixels; empty: what the file says, else 224"
        inputMode="numeric"
        autoComplete="off"
        value={values.imageSize}
        onChange={(event) => change({ imageSize: event.currentTarget.value })}
      />
    </>
  );
}

function Problem({ text }: { text: string | null }): ReactNode {
  return (
    text && (
      <Alert color="red" role="alert" mb="sm">
        {text}
      </Alert>
    )
  );
}
