'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Checkbox, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { DeleteRunDocument, RunDependentsDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { RunDialog } from './run-dialog';
import type { RunStatus } from './run-status';

/** Its name is typed before it goes, and what would go with it is said. */
export function DeleteRun({ run, close }: { run: RunStatus; close: () => void }): ReactNode {
  const router = useRouter();
  const { data } = useQuery(RunDependentsDocument, { variables: { id: run.id }, fetchPolicy: 'network-only' });
  const [remove, { loading, error }] = useMutation(DeleteRunDocument, {
    update: (cache) => {
      cache.evict({ id: cache.identify({ __typename: 'TrainingRun', id: run.id }) });
      cache.gc();
    },
  });
  const [name, setName] = useState('');
  const [withDependents, setWithDependents] = useState(false);
  const dependents = data?.dependents ?? [];
  const submit = async (): Promise<void> => {
    await remove({ variables: { id: run.id, confirmName: name, withDependents } });
    router.push(routes.runs);
  };
  return (
    <RunDialog
      title="Delete the run"
      close={close}
      submit={submit}
      loading={loading}
      error={error}
      action="Delete it for good"
      danger
      disabled={name !== run.name || (dependents.length > 0 && !withDependents)}
    >
      <p style={{ marginTop: 0 }}>
        Its epochs, its analysis and its model with the weights are deleted. Labels and decisions stay.
      </p>
      {dependents.length > 0 && (
        <>
          <ul>
            {dependents.map(({ id, kind, name: other }) => (
              <li key={id}>
                {kind.toLowerCase()} {other}
              </li>
            ))}
          </ul>
          <Checkbox
            label="Delete these with it"
            checked={withDependents}
            onChange={(event) => setWithDependents(event.currentTarget.checked)}
            mb="sm"
          />
        </>
      )}
      <TextInput
        label="Type its name to confirm"
        description={run.name}
        value={name}
        autoComplete="off"
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </RunDialog>
  );
}
