'use client';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Decision } from '../../graphql/outbox/entry';
import { ClassDot } from '../../plots/class-name';
import { thingsOf } from '../../theme/things';
import styles from './relabel.module.css';

export interface LabelButtonsProps {
  classes: readonly string[];
  colours: readonly string[];
  /** The class that stands as decided. */
  standing: string | null;
  decide: (decision: Decision) => void;
  soft: boolean;
  toggleSoft: () => void;
}

export function LabelButtons({ classes, colours, standing, decide, soft, toggleSoft }: LabelButtonsProps): ReactNode {
  return (
    <div className={styles.buttons} role="group" aria-label={`The ${thingsOf(classes).one} shows`}>
      {classes.map((name, place) => (
        <Button
          key={name}
          variant={standing === name ? 'filled' : 'default'}
          leftSection={<ClassDot colour={colours[place]} />}
          rightSection={place < 9 ? <kbd className={styles.key}>{place + 1}</kbd> : undefined}
          onClick={() => decide({ label: name })}
          data-testid={`relabel-${name}`}
        >
          {name}
        </Button>
      ))}
      <Button
        variant="light"
        rightSection={<kbd className={styles.key}>C</kbd>}
        onClick={() => decide({ action: 'CONFIRM' })}
      >
        The given label is right
      </Button>
      <Button
        variant="default"
        rightSection={<kbd className={styles.key}>U</kbd>}
        onClick={() => decide({ action: 'UNSURE' })}
      >
        Unsure
      </Button>
      <Button
        variant="default"
        rightSection={<kbd className={styles.key}>S</kbd>}
        onClick={() => decide({ action: 'SKIP' })}
      >
        Skip
      </Button>
      <Button variant="subtle" aria-expanded={soft} onClick={toggleSoft} data-testid="soft-label">
        Several at once…
      </Button>
    </div>
  );
}
