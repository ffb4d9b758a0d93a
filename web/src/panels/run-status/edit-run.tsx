'use client';
import { useMutation } from '@apollo/client/react';
import { TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { DescribeRunDocument } from '../../graphql/generated/graphql';
import { RunDialog } from './run-dialog';
import type { RunStatus } from './run-status';

export function EditRun({ run, close }: { run: RunStatus; close: () => void }): ReactNode {
  const [describe, { loading, error }] = useMutation(DescribeRunDocument);
  const [name, setName] = useState(run.name);
  const [tags, setTags] = useState<string[]>([...run.tags]);
  const [notes, setNotes] = useState(run.notes);
  const submit = (): Promise<unknown> =>
    describe({ variables: { run: run.id, input: { name, tags, notes } } }).then(close);
  return (
    <RunDialog title="Name, tags, notes" close={close} submit={submit} loading={loading} error={error} action="Keep it">
      <TextInput
        label="Name"
        value={name}
        maxLength={100}
        required
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TagsInput
        size="xs"
        label="Tags"
        description="Enter after each"
        value={tags}
        maxTags={30}
        onChange={setTags}
        mt="sm"
      />
      <Textarea
        size="xs"
        label="Notes"
        autosize
        minRows={3}
        value={notes}
        onChange={(event) => setNotes(event.currentTarget.value)}
        mt="sm"
      />
    </RunDialog>
  );
}
