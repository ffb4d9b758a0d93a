import { Alert, Button } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import type { RunStatus } from './run-status';

/** Of a run whose numbers broke: going on would break them again. */
export function endedInNumbers(run: RunStatus): boolean {
  return run.state === 'FAILED' && /\b(nan|not a number|not finite|infinit)/i.test(run.error ?? '');
}

/** Why it failed, and what to try. */
export function FailedRun({ run }: { run: RunStatus }): ReactNode {
  if (!run.error) return null;
  return (
    <Alert color="red" mb="md" title="The run failed">
      <p style={{ margin: '0 0 8px' }}>{run.error}</p>
      {endedInNumbers(run) && run.configuration && (
        <>
          <p style={{ margin: '0 0 8px' }}>
            Its losses are no numbers any more, so going on repeats it. A tenth of the learning rate (
            {run.configuration.learningRate / 10}) usually helps.
          </p>
          <Button component={Link} href={routes.train({ from: run.id })} variant="default">
            Start again with changes
          </Button>
        </>
      )}
    </Alert>
  );
}
