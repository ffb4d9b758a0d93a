'use client';
import { Alert, Button, Group, Modal } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { errorWords } from '../../theme/error-words';

export interface RunDialogProps {
  title: string;
  close: () => void;
  submit: () => Promise<unknown>;
  loading: boolean;
  /** What the server said against it. */
  error: { message: string } | undefined;
  action: string;
  disabled?: boolean;
  danger?: boolean;
  children: ReactNode;
}

/** A question with one action; what went wrong stands in it. */
export function RunDialog(props: RunDialogProps): ReactNode {
  const { title, close, submit, loading, error, action, disabled = false, danger = false, children } = props;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    // What went wrong is in `error`.
    void submit().catch(() => undefined);
  };
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={send}>
        {children}
        {error && (
          <Alert color="red" role="alert" mt="sm">
            {errorWords(error)}
          </Alert>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button type="submit" color={danger ? 'red' : undefined} loading={loading} disabled={disabled}>
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
