'use client';
import { useMutation } from '@apollo/client/react';
import { Alert, Button, Group, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { PromoteModelDocument } from '../../graphql/generated/graphql';
import { percent } from '../../theme/format';
import { Table } from '../../theme/panel';
import { accuracyOf, networkOf, versionOf } from './model-columns';
import type { ModelRow } from './model-row';
import { errorWords } from '../../theme/error-words';

interface PromoteProps {
  model: ModelRow;
  /** What it would take the place of. */
  production: ModelRow | null;
  promoted: () => void;
}

/** Promotion with the numbers of both beside each other. */
export function PromoteModel({ model, production, promoted }: PromoteProps): ReactNode {
  const [opened, { open, close }] = useDisclosure(false);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [promote, { loading }] = useMutation(PromoteModelDocument);
  const go = (): void =>
    void promote({ variables: { model: model.id, reason: reason.trim() || null } }).then(
      () => (close(), promoted()),
      (error: unknown) => setProblem(errorWords(error)),
    );
  const unfinished = model.run && model.run.state !== 'COMPLETED';
  return (
    <>
      <Button onClick={open}>Promote …</Button>
      <Modal
        opened={opened}
        onClose={close}
        size="lg"
        title={`Put ${versionOf(model)} into production`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {problem && (
          <Alert color="red" role="alert" mb="sm">
            {problem}
          </Alert>
        )}
        {unfinished && (
          <Alert color="yellow" mb="sm">
            Its run did not complete: it is {model.run!.state.toLowerCase()}.
          </Alert>
        )}
        <Beside model={model} production={production} />
        <TextInput
          label="Why (kept in the history)"
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          mt="sm"
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button loading={loading} onClick={go} data-testid="promote">
            {production ? `Replace ${versionOf(production)}` : 'Put into production'}
          </Button>
        </Group>
      </Modal>
    </>
  );
}

function Beside({ model, production }: { model: ModelRow; production: ModelRow | null }): ReactNode {
  const both = [model, ...(production ? [production] : [])];
  const row = (name: string, cell: (one: ModelRow) => string): ReactNode => (
    <tr>
      <th scope="row">{name}</th>
      {both.map((one) => (
        <td key={one.id}>{cell(one)}</td>
      ))}
    </tr>
  );
  return (
    <Table label="Both versions">
      <thead>
        <tr>
          <td />
          <th scope="col">{versionOf(model)}</th>
          {production && <th scope="col">{versionOf(production)}, now</th>}
        </tr>
      </thead>
      <tbody>
        {row('Validation accuracy', (one) => percent(accuracyOf(one, 'VALIDATION')))}
        {row('Test accuracy', (one) => percent(accuracyOf(one, 'TEST')))}
        {row('Network', networkOf)}
        {row('Trained on', (one) => one.run?.dataset.name ?? 'imported')}
        {row('Classes', (one) => one.classes.join(', '))}
      </tbody>
    </Table>
  );
}
