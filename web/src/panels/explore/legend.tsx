'use client';
import type { ReactNode } from 'react';
import { ClassDot } from '../../plots/class-name';
import { integer } from '../../theme/format';
import type { Shading } from './explore-data';
import styles from './explore.module.css';

interface LegendProps {
  shading: Shading;
  hidden: ReadonlySet<number>;
  onHide: (hidden: ReadonlySet<number>) => void;
}

/** What the colours mean; a category is hidden and shown by its button. */
export function Legend({ shading, hidden, onHide }: LegendProps): ReactNode {
  if (shading.continuous)
    return (
      <div className={`${styles.legend} ${styles.ramp}`}>
        <span>{shading.legend[0]}</span>
        <i style={{ background: `linear-gradient(90deg, ${shading.colours.join(', ')})` }} aria-hidden="true" />
        <span>{shading.legend[1]}</span>
      </div>
    );
  const toggle = (category: number): void => {
    const next = new Set(hidden);
    if (!next.delete(category)) next.add(category);
    onHide(next);
  };
  return (
    <div className={styles.legend} role="group" aria-label="Categories">
      {shading.legend.map((name, category) =>
        shading.counts[category] === 0 ? null : (
          <button key={name} type="button" aria-pressed={!hidden.has(category)} onClick={() => toggle(category)}>
            <ClassDot colour={shading.colours[category]} />
            {name} <span className="plot-weak">{integer(shading.counts[category] ?? 0)}</span>
          </button>
        ),
      )}
    </div>
  );
}
