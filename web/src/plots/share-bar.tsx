import type { ReactNode } from 'react';
import { decimal } from '../theme/format';
import { accent, ink } from '../theme/palette';

/** A number of 0 to 1 with a bar under it, for table cells; null where undefined. */
export function ShareBar({ value, colour = accent }: { value: number | null; colour?: string }): ReactNode {
  return (
    <span className="share-bar">
      <span>{decimal(value)}</span>
      <svg viewBox="0 0 100 4" width="64" height="4" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="4" rx="1" style={{ fill: ink.sunken }} />
        {value !== null && (
          <rect width={(Math.min(1, Math.max(0, value)) * 100).toFixed(1)} height="4" style={{ fill: colour }} />
        )}
      </svg>
    </span>
  );
}
