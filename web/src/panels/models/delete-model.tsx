'use client';
import { useApolloClient, useMutation } from '@apollo/client/react';
import { Alert, Button, Group, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import {
  DeleteModelDocument,
  ModelDependentsDocument,
  type ModelDependentsQuery,
} from '../../graphql/generated/graphql';
import type { ModelRow } from './model-row';
import { errorWords } from '../../theme/error-words';

/** Asks what depends on it, and for its name, before it is gone. */
export function DeleteModel({ model, deleted }: { model: ModelRow; deleted: () => void }): ReactNode {
  const client = useApolloClient();
  const [opened, { open, close }] = useDisclosure(false);
  const [dependents, setDependents] = useState<ModelDependentsQuery['dependents'] | null>(null);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [remove, { loading }] = useMutation(DeleteModelDocument);
  const show = (): void => {
    setName('');
    setProblem(null);
    open();
    client.query({ query: ModelDependentsDocument, variables: { id: model.id }, fetchPolicy: 'network-only' }).then(
      ({ data }) => setDependents(data?.dependents ?? []),
      (error: unknown) => setProblem(errorWords(error)),
    );
  };
  const go = (): void =>
    void remove({ variables: { id: model.id, confirmName: name } }).then(
      () => (close(), deleted()),
      (error: unknown) => setProblem(errorWords(error)),
    );
  return (
    <>
      <Button variant="subtle" color="red" onClick={show}>
        Delete
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={`Delete ${model.family} v${model.version}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {problem && (
          <Alert color="red" role="alert" mb="sm">
            {problem}
          </Alert>
        )}
        <Dependents dependents={dependents} />
        <TextInput
          label={`Type its name to confirm: ${model.name}`}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="off"
        />
        <Group justify="flex-end" mt="md">
          <Button color="red" loading={loading} disabled={dependents === null || name !== model.name} onClick={go}>
            Delete
          </Button>
        </Group>
      </Modal>
    </>
  );
}

function Dependents({ dependents }: { dependents: ModelDependentsQuery['dependents'] | null }): ReactNode {
  if (dependents === null) return <p>Looking for what depends on it …</p>;
  if (dependents.length === 0) return <p>Nothing depends on it. Its checkpoints go too.</p>;
  return (
    <>
      <p>These depend on it:</p>
      <ul>
        {dependents.map(({ id, kind, name, because }) => (
          <li key={id}>
            {kind.toLowerCase()} <b>{name}</b>: {because}
          </li>
        ))}
      </ul>
    </>
  );
}
