'use client';
import { useMutation } from '@apollo/client/react';
import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { PromoteRunModelDocument } from '../../graphql/generated/graphql';
import { RunDialog } from './run-dialog';
import type { RunStatus } from './run-status';

export function PromoteRun({ model, close }: { model: NonNullable<RunStatus['model']>; close: () => void }): ReactNode {
  const [promote, { loading, error }] = useMutation(PromoteRunModelDocument);
  const [reason, setReason] = useState('');
  const submit = (): Promise<unknown> =>
    promote({ variables: { model: model.id, reason: reason.trim() || null } }).then(close);
  return (
    <RunDialog
      title="Promote its model"
      close={close}
      submit={submit}
      loading={loading}
      error={error}
      action="Put it into production"
    >
      <p style={{ marginTop: 0 }}>
        <b>
          {model.name} v{model.version}
        </b>{' '}
        answers predictions from then on; the version that did so before goes into the archive, and can be rolled back
        to.
      </p>
      <TextInput
        label="Why, for the history"
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </RunDialog>
  );
}
