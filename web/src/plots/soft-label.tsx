'use client';
import { Button, NumberInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ClassName } from './class-name';
import { DistributionStrip } from './distribution-strip';
import { percent } from '../theme/format';
import styles from './soft-label.module.css';

export interface SoftLabelProps {
  classes: readonly string[];
  colours: readonly string[];
  /** [C], where the form begins. */
  start: readonly number[];
  disabled: boolean;
  /** [C], summing to 1. */
  save: (distribution: number[]) => void;
}

/** Parts of any sum; what is saved is each part of the whole. */
export function SoftLabel({ classes, colours, start, disabled, save }: SoftLabelProps): ReactNode {
  const [parts, setParts] = useState(() => start.map((value) => Math.round(value * 100)));
  const sum = parts.reduce((total, part) => total + part, 0);
  const distribution = parts.map((part) => (sum > 0 ? part / sum : 0));
  return (
    <div className={styles.soft} data-testid="soft-label-form">
      <div className={styles.parts}>
        {classes.map((name, place) => (
          <NumberInput
            key={name}
            size="xs"
            label={<ClassName name={name} colour={colours[place]} />}
            description={percent(distribution[place])}
            value={parts[place]}
            min={0}
            max={1000}
            step={5}
            allowDecimal={false}
            onChange={(value) =>
              setParts((before) => before.map((part, other) => (other === place ? Number(value) || 0 : part)))
            }
          />
        ))}
      </div>
      <DistributionStrip classes={classes} values={distribution} colours={colours} height={10} label="The soft label" />
      <Button size="xs" mt="xs" disabled={disabled || sum === 0} onClick={() => save(distribution)}>
        Save as a soft label
      </Button>
    </div>
  );
}
