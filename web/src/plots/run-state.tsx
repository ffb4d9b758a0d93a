import type { ReactNode } from 'react';

const colours: Readonly<Record<string, string>> = {
  QUEUED: 'var(--ink-3)',
  RUNNING: 'var(--accent)',
  COMPLETED: 'var(--good)',
  FAILED: 'var(--bad)',
  CANCELLED: 'var(--warn)',
};

/** The state of a run in words and colour. */
export function RunStateBadge({ state, testId }: { state: string; testId?: string }): ReactNode {
  return (
    <span className="run-state" data-state={state} data-testid={testId} style={{ color: colours[state] }}>
      <i aria-hidden="true" />
      {state.toLowerCase()}
    </span>
  );
}
