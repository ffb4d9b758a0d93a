'use client';
import { useMutation } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { CancelTrainingDocument } from '../../graphql/generated/graphql';
import { StopIcon } from '../../theme/icons';
import type { RunStatus } from './run-status';
import styles from './run-status.module.css';
import { errorWords } from '../../theme/error-words';

/** Asks once more before it stops the run. */
export function CancelButton({ run }: { run: RunStatus }): ReactNode {
  const [cancel, { loading, error }] = useMutation(CancelTrainingDocument, { variables: { run: run.id } });
  const [asked, setAsked] = useState(false);
  const confirm = (): void => {
    setAsked(false);
    // What went wrong is in `error`.
    void cancel().catch(() => undefined);
  };
  if (run.cancelRequested)
    return (
      <Button variant="default" disabled>
        Stopping after this step…
      </Button>
    );
  return (
    <>
      {error && (
        <span role="alert" className={styles.wrong}>
          {errorWords(error)}
        </span>
      )}
      {asked ? (
        <>
          <span>What is recorded stays.</span>
          <Button color="red" loading={loading} leftSection={<StopIcon />} onClick={confirm}>
            Stop the run
          </Button>
          <Button variant="default" onClick={() => setAsked(false)}>
            Keep training
          </Button>
        </>
      ) : (
        <Button
          variant="default"
          leftSection={<StopIcon />}
          loading={loading}
          onClick={() => setAsked(true)}
          data-testid="cancel-run"
        >
          Cancel
        </Button>
      )}
    </>
  );
}
