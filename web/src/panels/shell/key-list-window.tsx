'use client';
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useKeyGroups } from '../../navigation/keys';
import styles from './key-help.module.css';
import { keyWords } from './key-words';

/** Loaded when it is first asked for. */
export default function KeyListWindow({ opened, close }: { opened: boolean; close: () => void }): ReactNode {
  return (
    <Modal opened={opened} onClose={close} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <KeyList />
    </Modal>
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
