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

function ImportForm({ done }: { done: () => void }): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const [values, setValues] = useState({ name: '', family: '', classes: '', imageSize: '', part: '' });
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [importModel, { loading }] = useMutation(ImportModelDocument);
  const field = (name: keyof typeof values) => ({
    value: values[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!file) return setProblem('Choose a file first.');
    if (!/^\d{0,4}$/.test(values.imageSize.trim())) return setProblem('Image size: expected pixels.');
    setSending(true);
    try {
      const upload = await uploadFile(file);
      const text = (value: string): string | null => value.trim() || null;
      const classes =
        text(values.classes)
          ?.split(',')
          .map((name) => name.trim()) ?? null;
      await importModel({
        variables: {
          input: {
            upload,
            part: text(values.part),
            name: text(values.name),
            family: text(values.family),
            classes,
            imageSize: values.imageSize.trim() ? Number(values.imageSize) : null,
          },
        },
      });
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
      <TextInput
        mt="sm"
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
        label="Family"
        description="it becomes the next version of it; empty: a family of its own"
        {...field('family')}
      />
      <TextInput mt="sm" label="Name" description="empty: the file’s" {...field('name')} />
      <TextInput
        mt="sm"
        label="Image size"
        description="pixels; empty: what the file says, else 224"
        inputMode="numeric"
        {...field('imageSize')}
      />
      <Group justify="flex-end" mt="md">
        <Button type="submit" loading={sending || loading}>
          Import
        </Button>
      </Group>
    </form>
  );
}
