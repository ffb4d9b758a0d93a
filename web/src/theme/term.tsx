'use client';
import { Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { betterWords, glossary, type Term as Explained, type TermName } from './glossary';
import styles from './term.module.css';
import { inWordsOf } from './things';
import { useThings } from './things-context';

/** A word that says on hover, tap or Enter what it means. Without children, its name. `mark` shows a sign instead. */
export function Term({ of, children, mark }: { of: TermName; children?: ReactNode; mark?: boolean }): ReactNode {
  const [opened, { open, close, toggle }] = useDisclosure(false);
  const term: Explained = glossary[of];
  const things = useThings();
  return (
    <Popover opened={opened} onChange={(next) => !next && close()} width={280} position="bottom-start" shadow="md">
      <Popover.Target>
        <button
          type="button"
          className={mark ? styles.mark : styles.term}
          onClick={toggle}
          onMouseEnter={open}
          onMouseLeave={close}
          aria-label={mark ? `What is ${term.name}?` : undefined}
        >
          {mark ? '?' : (children ?? term.name)}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.text}>
        <b>{term.name}</b>
        <p>{inWordsOf(things, term.text)}</p>
        {term.better && <p className={styles.better}>{betterWords(term)}</p>}
      </Popover.Dropdown>
    </Popover>
  );
}
