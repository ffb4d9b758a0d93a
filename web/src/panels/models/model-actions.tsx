'use client';
import { useApolloClient, useMutation } from '@apollo/client/react';
import { Alert, Button, Group, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import {
  ArchiveModelDocument,
  DeleteModelDocument,
  ModelDependentsDocument,
  type ModelDependentsQuery,
  PromoteModelDocument,
  RestoreModelDocument,
  RollBackModelDocument,
} from '../../graphql/generated/graphql';
import type { ModelRow } from './model-row';
import styles from './models.module.css';

interface Reports {
  changed: () => void;
  failed: (message: string) => void;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function FamilyActions({ family, changed, failed }: { family: string } & Reports): ReactNode {
  const [rollBack, { loading }] = useMutation(RollBackModelDocument);
  const go = (): void =>
    void rollBack({ variables: { family } }).then(changed, (error: unknown) => failed(messageOf(error)));
  return (
    <div className={styles.actions}>
      <Button size="compact-xs" variant="default" loading={loading} onClick={go}>
        Roll back
      </Button>
    </div>
  );
}

/** What its stage allows. */
export function ModelActions({ model, changed, failed }: { model: ModelRow } & Reports): ReactNode {
  const [promote, promoting] = useMutation(PromoteModelDocument);
  const [archive, archiving] = useMutation(ArchiveModelDocument);
  const [restore, restoring] = useMutation(RestoreModelDocument);
  const act = (work: Promise<unknown>): void => void work.then(changed, (error: unknown) => failed(messageOf(error)));
  const variables = { model: model.id };
  const canPredict = model.kind === 'ADA_DF' && model.checkpoints.length > 0;
  return (
    <div className={styles.actions}>
      {model.stage !== 'PRODUCTION' && canPredict && (
        <Button
          size="compact-xs"
          variant="light"
          loading={promoting.loading}
          onClick={() => act(promote({ variables }))}
        >
          Promote
        </Button>
      )}
      {model.stage === 'ARCHIVED' ? (
        <Button
          size="compact-xs"
          variant="default"
          loading={restoring.loading}
          onClick={() => act(restore({ variables }))}
        >
          Restore
        </Button>
      ) : (
        <Button
          size="compact-xs"
          variant="default"
          loading={archiving.loading}
          onClick={() => act(archive({ variables }))}
        >
          Archive
        </Button>
      )}
      {model.stage !== 'PRODUCTION' && <DeleteModel model={model} deleted={changed} />}
    </div>
  );
}

function DeleteModel({ model, deleted }: { model: ModelRow; deleted: () => void }): ReactNode {
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
      (error: unknown) => setProblem(messageOf(error)),
    );
  };
  const go = (): void =>
    void remove({ variables: { id: model.id, confirmName: name } }).then(
      () => (close(), deleted()),
      (error: unknown) => setProblem(messageOf(error)),
    );
  return (
    <>
      <Button size="compact-xs" variant="subtle" color="red" onClick={show}>
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
        {dependents === null ? (
          <p>Looking for what depends on it …</p>
        ) : dependents.length === 0 ? (
          <p>Nothing depends on it. Its checkpoints go too.</p>
        ) : (
          <>
            <p>These depend on it:</p>
            <ul>
              {dependents.map(({ id, kind, name: its, because }) => (
                <li key={id}>
                  {kind.toLowerCase()} <b>{its}</b>: {because}
                </li>
              ))}
            </ul>
          </>
        )}
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
