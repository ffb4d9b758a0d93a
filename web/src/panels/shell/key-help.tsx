'use client';
import { ActionIcon, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useKeyGroups, useKeys } from '../../navigation/keys';
import styles from './key-help.module.css';

/** `?` lists the keys that do something on the page that is open. */
export function KeyHelp(): ReactNode {
  const [opened, { toggle, close }] = useDisclosure(false);
  useKeys('Everywhere ', [{ key: '?', does: 'this list', run: toggle }]);
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Keys (?)" title="Keys (?)" onClick={toggle}>
        <span aria-hidden="true">?</span>
      </ActionIcon>
      <Modal opened={opened} onClose={close} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
        <KeyList />
      </Modal>
    </>
  );
}

function KeyList(): ReactNode {
  const groups = useKeyGroups();
  const titles = [...new Set(groups.map((group) => group.title.trim()))];
  return (
    <div className={styles.groups}>
      {titles.map((title) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {groups
              .filter((group) => group.title.trim() === title)
              .flatMap((group) => group.keys)
              .map(({ key, does }) => (
                <div key={key}>
                  <dt>
                    <kbd>{keyWords(key)}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

const words: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
};

/** As it stands on a keyboard. */
export function keyWords(key: string): string {
  return key
    .split('+')
    .map((part) => (part === 'mod' ? 'Ctrl' : (words[part] ?? (part.length === 1 ? part.toUpperCase() : part))))
    .join(' ');
}
