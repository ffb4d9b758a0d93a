import Link from 'next/link';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import styles from './review.module.css';
import { labelOf, type Decided } from './session';

const shown = 16;

/** The last decisions, newest first: what each key did can be seen. */
export function Recent({
  decisions,
  classes,
}: {
  decisions: readonly Decided[];
  classes: readonly string[];
}): ReactNode {
  if (decisions.length === 0) return null;
  return (
    <ol className={styles.recent} aria-label="Last decisions, newest first">
      {decisions
        .slice(-shown)
        .reverse()
        .map((one) => (
          <li key={`${one.sample} ${one.at}`} data-right={rightness(one, classes)}>
            <Link href={routes.sample(one.sample)} title={one.name}>
              <img src={one.imageUrl} alt={one.name} width={44} height={44} />
              <span>{words(one, classes)}</span>
            </Link>
          </li>
        ))}
    </ol>
  );
}

function words(one: Decided, classes: readonly string[]): string {
  if (one.choice.kind === 'skip') return 'skipped';
  if (one.choice.kind === 'unsure') return 'unsure';
  const label = labelOf(one, classes) ?? '';
  if (one.known !== null) return label === one.known ? `✓ ${label}` : `is ${one.known}`;
  return label === one.given && one.choice.kind !== 'soft' ? `✓ ${label}` : `→ ${label}`;
}

function rightness(one: Decided, classes: readonly string[]): 'yes' | 'no' | undefined {
  if (one.known === null) return undefined;
  return labelOf(one, classes) === one.known ? 'yes' : 'no';
}
