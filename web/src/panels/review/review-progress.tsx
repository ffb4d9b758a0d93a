'use client';
import { Alert, Button, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { openOutbox, useOutbox } from '../../graphql/outbox/use-outbox';
import { integer, percent } from '../../theme/format';
import { Term } from '../../theme/term';
import styles from './review.module.css';
import { sittingOf, wrongLabelsLeft, type Decided } from './session';
import { useThings } from '../../theme/things-context';

export interface ReviewProgressProps {
  decisions: readonly Decided[];
  left: number;
  problem: string | null;
}

/** n of N, pace, agreement, what is probably left, and whether all of it is stored. */
export function ReviewProgress({ decisions, left, problem }: ReviewProgressProps): ReactNode {
  const things = useThings();
  const sitting = sittingOf(decisions);
  const total = sitting.decided + left;
  const budget = wrongLabelsLeft(sitting, left);
  const minutes = sitting.perMinute ? Math.ceil(left / sitting.perMinute) : null;
  return (
    <div className={styles.progress}>
      <Progress value={total > 0 ? (sitting.decided / total) * 100 : 0} aria-label="Decided" size="sm" />
      <div className={styles.facts}>
        <span data-testid="review-count">
          <b>{integer(sitting.decided)}</b> of {integer(total)}
        </span>
        <span>
          {integer(sitting.changed)} changed
          {sitting.unsure > 0 && `, ${integer(sitting.unsure)} unsure`}
          {sitting.skipped > 0 && `, ${integer(sitting.skipped)} skipped`}
        </span>
        {sitting.perMinute !== null && (
          <span>
            {Math.round(sitting.perMinute)} a minute
            {minutes !== null && left > 0 && `, ${integer(minutes)} min to the end`}
          </span>
        )}
        {sitting.shared > 0 && (
          <span>
            as others did: {integer(sitting.agreed)} of {integer(sitting.shared)} (
            {percent(sitting.agreed / sitting.shared, 0)})
          </span>
        )}
        {sitting.knownShown > 0 && (
          <span>
            known {things.many} right: {integer(sitting.knownRight)} of {integer(sitting.knownShown)}
          </span>
        )}
        {budget && (
          <span>
            <Term of="budget">wrong labels left</Term>: about {integer(budget.expected)} ({integer(budget.low)} to{' '}
            {integer(budget.high)})
          </span>
        )}
        <Stored />
      </div>
      {problem && (
        <Alert color="red" role="alert" mt="xs">
          {problem}
        </Alert>
      )}
      <Refused />
    </div>
  );
}

function Stored(): ReactNode {
  const { entries, trouble, lasting } = useOutbox();
  const open = entries.filter(({ refused }) => refused === undefined).length;
  return (
    <span className={styles.stored} data-open={open > 0 || undefined} data-testid="outbox">
      {open === 0
        ? '✓ all stored'
        : trouble
          ? `${integer(open)} kept ${lasting ? 'in this browser' : 'on this page'} until the server is back`
          : `storing ${integer(open)}…`}
    </span>
  );
}

/** Decisions that the server will never take: shown until a person has dealt with them. */
function Refused(): ReactNode {
  const refused = useOutbox().entries.filter((entry) => entry.refused !== undefined);
  if (refused.length === 0) return null;
  const settle = (how: 'again' | 'forget'): void =>
    void openOutbox().then(async (outbox) => {
      for (const entry of refused) await outbox.settle(entry, how);
    });
  return (
    <Alert color="red" role="alert" mt="xs" title={`The server refused ${refused.length} decisions`}>
      <p>{refused[0].refused}</p>
      <Button variant="default" onClick={() => settle('again')}>
        Send them again
      </Button>{' '}
      <Button variant="subtle" color="red" onClick={() => settle('forget')}>
        Forget them
      </Button>
    </Alert>
  );
}
