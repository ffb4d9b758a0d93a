'use client';
import { useMutation } from '@apollo/client/react';
import { Alert, Button, FileInput, Group, Modal, NumberInput, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState, type FormEvent, type ReactNode } from 'react';
import {
  AttachWeightsDocument,
  ImportRunWeightsDocument,
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
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [attach] = useMutation(AttachWeightsDocument, {
    refetchQueries: [RunConfigurationDocument],
    awaitRefetchQueries: true,
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!file) return setProblem('Choose a file first.');
    setSending(true);
    setProblem(null);
    try {
      const upload = await uploadFile(file);
      await attach({ variables: { run, upload, epoch: typeof epoch === 'number' ? epoch : null, key: newKey() } });
      done();
    } catch (error) {
      setProblem(errorWords(error));
    } finally {
      setSending(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
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

function ImportForm({ weights, classes }: { weights: Weights[number]; classes: readonly string[] }): ReactNode {
  const [values, setValues] = useState({ classes: classes.join(', '), imageSize: '', part: '' });
  const [problem, setProblem] = useState<string | null>(null);
  const [model, setModel] = useState<{ id: string; name: string } | null>(null);
  const [importWeights, { loading }] = useMutation(ImportRunWeightsDocument);
  const field = (name: keyof typeof values) => ({
    value: values[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const [named, size, part] = [values.classes.trim(), values.imageSize.trim(), values.part.trim()];
    if (!/^\d{0,4}$/.test(size)) return setProblem('Image size: expected pixels.');
    setProblem(null);
    const input = {
      weights: weights.id,
      classes: named ? named.split(',').map((name) => name.trim()) : null,
      imageSize: size ? Number(size) : null,
      part: part || null,
    };
    try {
      setModel((await importWeights({ variables: { input, key: newKey() } })).data!.importWeights);
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
      <TextInput
        label="Classes"
        description="in the order of the logits, with commas between; empty for a backbone, or where the file says"
        {...field('classes')}
      />
      <TextInput
        mt="sm"
        label="Network of the file"
        description="where it holds several, like state_dict_ema; empty: the first"
        {...field('part')}
      />
      <TextInput
        mt="sm"
        label="Image size"
        description="pixels; empty: what the file says, else 224"
        inputMode="numeric"
        {...field('imageSize')}
      />
      <Group justify="flex-end" mt="md">
        <Button type="submit" loading={loading}>
          Make a model
        </Button>
      </Group>
    </form>
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
