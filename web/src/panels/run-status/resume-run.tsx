'use client';
import { useMutation } from '@apollo/client/react';
import { NumberInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ResumeTrainingDocument } from '../../graphql/generated/graphql';
import { RunDialog } from './run-dialog';
import { epochsOf, type RunStatus } from './run-status';

/** A completed run is asked for half as many epochs more. */
const longer = 1.5;

export function ResumeRun({ run, close }: { run: RunStatus; close: () => void }): ReactNode {
  const [resume, { loading, error }] = useMutation(ResumeTrainingDocument);
  const planned = epochsOf(run);
  const done = run.epoch?.number ?? 0;
  const [epochs, setEpochs] = useState(run.state === 'COMPLETED' ? Math.ceil(planned * longer) : planned);
  const submit = (): Promise<unknown> => resume({ variables: { run: run.id, epochs } }).then(close);
  return (
    <RunDialog title="Go on" close={close} submit={submit} loading={loading} error={error} action="Go on">
      <p style={{ marginTop: 0 }}>
        {done} of {planned} epochs are done. It goes on from its last checkpoint, to the same numbers as if it had been
        asked for all of them at once.
      </p>
      <NumberInput
        label="Epochs in all"
        value={epochs}
        min={done + 1}
        max={1000}
        allowDecimal={false}
        onChange={(value) => setEpochs(Number(value))}
      />
    </RunDialog>
  );
}
