'use client';
import { useMutation } from '@apollo/client/react';
import { Alert, Button, FileInput, Group, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ImportModelDocument } from '../../graphql/generated/graphql';
import { uploadFile } from '../../graphql/upload';
import { errorWords } from '../../theme/error-words';

/** A file of weights from this computer becomes a model. */
export function ImportModel({ imported }: { imported: () => void }): ReactNode {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="light" onClick={open} data-testid="import-weights">
        Import weights
      </Button>
      <Modal opened={opened} onClose={close} title="Import weights" closeButtonProps={{ 'aria-label': 'Close' }}>
        <ImportForm done={() => (close(), imported())} />
      </Modal>
    </>
  );
}

type Values = Record<'name' | 'family' | 'classes' | 'imageSize' | 'part', string>;

interface Field {
  name: keyof Values;
  label: string;
  description: string;
  inputMode?: 'numeric';
}

const fields: readonly Field[] = [
  {
    name: 'classes',
    label: 'Classes',
    description: 'in the order of the logits, with commas between; empty for a backbone, or where the file says',
  },
  {
    name: 'part',
    label: 'Network of the file',
    description: 'where it holds several, like state_dict_ema; empty: the first',
  },
  {
    name: 'family',
    label: 'Family',
    description: 'it becomes the next version of it; empty: a family of its own',
  },
  { name: 'name', label: 'Name', description: 'empty: the file’s' },
  {
    name: 'imageSize',
    label: 'Image size',
    description: 'pixels; empty: what the file says, else 224',
    inputMode: 'numeric',
  },
];

/** Null is what was left empty. */
function inputOf(values: Values) {
  const text = (value: string): string | null => value.trim() || null;
  const classes = text(values.classes)?.split(',') ?? null;
  return {
    part: text(values.part),
    name: text(values.name),
    family: text(values.family),
    classes: classes && classes.map((name) => name.trim()),
    imageSize: values.imageSize.trim() ? Number(values.imageSize) : null,
  };
}

function ImportForm({ done }: { done: () => void }): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const [values, setValues] = useState<Values>({ name: '', family: '', classes: '', imageSize: '', part: '' });
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [importModel, { loading }] = useMutation(ImportModelDocument);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!file) return setProblem('Choose a file first.');
    if (!/^\d{0,4}$/.test(values.imageSize.trim())) return setProblem('Image size: expected pixels.');
    setSending(true);
    try {
      const upload = await uploadFile(file);
      await importModel({ variables: { input: { upload, ...inputOf(values) } } });
      done();
    } catch (error) {
      setProblem(errorWords(error));
    } finally {
      setSending(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      {problem && (
        <Alert color="red" role="alert" mb="sm">
          {problem}
        </Alert>
      )}
      <FileInput
        label="File"
        description="the authors’ .pth.tar, a ResNet-18 or ResNet-50 .pth, or .safetensors; nothing in it is executed"
        placeholder="choose"
        value={file}
        onChange={setFile}
        clearable
        data-testid="weights-file"
      />
      {fields.map(({ name, ...words }) => (
        <TextInput
          key={name}
          mt="sm"
          autoComplete="off"
          value={values[name]}
          onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          {...words}
        />
      ))}
      <Group justify="flex-end" mt="md">
        <Button type="submit" loading={sending || loading}>
          Import
        </Button>
      </Group>
    </form>
  );
}
