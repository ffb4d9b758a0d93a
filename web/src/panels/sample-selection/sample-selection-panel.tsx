'use client';
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { Chosen } from './chosen';
import { LabelChosen } from './label-chosen';
import { SaveChosen } from './save-chosen';
import styles from './sample-selection.module.css';

/** What one can do with chosen samples: label them, or keep them as a list and take it away. */
export function SampleSelectionPanel({ chosen }: { chosen: Chosen }): ReactNode {
  const [open, setOpen] = useState<'label' | 'save' | null>(null);
  const toggle = (part: 'label' | 'save'): void => setOpen(open === part ? null : part);
  return (
    <div className={styles.actions} role="group" aria-label="With the chosen samples">
      <div className={styles.buttons}>
        <Button variant="light" aria-expanded={open === 'label'} onClick={() => toggle('label')}>
          Label them …
        </Button>
        <Button variant="light" aria-expanded={open === 'save'} onClick={() => toggle('save')}>
          Save or export …
        </Button>
      </div>
      {open === 'label' && <LabelChosen chosen={chosen} />}
      {open === 'save' && <SaveChosen chosen={chosen} />}
    </div>
  );
}
