'use client';
import { useMutation } from '@apollo/client/react';
import { Button } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { UndoAnnotationDocument, type DecisionFragment, type RelabelQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { dateTime, percent } from '../../theme/format';
import styles from './relabel.module.css';
import { errorWords } from '../../theme/error-words';

/** History of decisions, newest first; the first that is not undone and says a class counts. */
export function Decisions({
  sample: { annotations: decisions },
  undone,
}: {
  sample: Pick<NonNullable<RelabelQuery['sample']>, 'annotations'>;
  undone: () => void;
}): ReactNode {
  const [undo, { loading, error }] = useMutation(UndoAnnotationDocument);
  if (decisions.length === 0) return null;
  // What went wrong is in `error`.
  const takeBack = (annotation: string): void => void undo({ variables: { annotation } }).then(undone, () => undefined);
  const standing = decisions.find((one) => one.undoneAt === null && one.to !== null);
  return (
    <ol className={styles.history} aria-label="Decisions, newest first">
      {decisions.map((one) => (
        <li key={one.id} data-undone={one.undoneAt !== null || undefined} data-testid="decision">
          <span>
            <b>{words(one)}</b>
            {one.author && ` by ${one.author}`}
            {one.note && <q>{one.note}</q>}
          </span>
          {one.run && (
            <span className="plot-weak">
              suggested by <Link href={routes.run(one.run.id)}>{one.run.name}</Link> with {percent(one.score)}
            </span>
          )}
          <span className="plot-weak">
            {dateTime(one.createdAt)}
            {one.undoneAt ? `, undone ${dateTime(one.undoneAt)}` : one === standing ? ', counts' : ''}
          </span>
          {one.undoneAt === null && (
            <Button
              size="compact-xs"
              variant="subtle"
              disabled={loading}
              onClick={() => takeBack(one.id)}
              data-testid="undo"
            >
              Undo
            </Button>
          )}
        </li>
      ))}
      {error && <li role="alert">{errorWords(error)}</li>}
    </ol>
  );
}

function words({ action, from, to, distribution }: DecisionFragment): string {
  if (action === 'SKIP') return 'Skipped';
  if (action === 'UNSURE') return 'Unsure';
  if (action === 'CONFIRM') return `${to} confirmed`;
  return `${from ?? 'no label'} → ${to}${distribution ? ` (${distribution.map((value) => Math.round(value * 100)).join(' / ')} %)` : ''}`;
}
