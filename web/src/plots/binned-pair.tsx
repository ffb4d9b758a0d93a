import type { ReactNode } from 'react';
import { accent, ink } from '../theme/palette';

export interface BinnedPairProps {
  /** Counts of equal bins, filled grey. */
  before: readonly number[];
  /** Counts of the same bins, outlined. */
  after: readonly number[];
  /** What stands below the first and last bin. */
  ends: readonly [string, string];
  label: string;
}

const width = 300;
const height = 72;

/** The same samples binned twice: as they are, and as they would be. */
export function BinnedPair({ before, after, ends, label }: BinnedPairProps): ReactNode {
  const highest = Math.max(1, ...before, ...after);
  const step = width / before.length;
  const top = (count: number): number => height - (count / highest) * (height - 2);
  const outline = after
    .map(
      (count, bin) => `${bin === 0 ? 'M' : 'L'}${(bin * step).toFixed(1)} ${top(count).toFixed(1)}h${step.toFixed(1)}`,
    )
    .join('');
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height + 16}`}
      width="100%"
      style={{ maxWidth: 460, display: 'block' }}
      role="img"
      aria-label={label}
      fontFamily="inherit"
      fontSize="11"
    >
      <title>{label}</title>
      {before.map((count, bin) => (
        <rect
          key={bin}
          x={(bin * step + 0.5).toFixed(1)}
          width={(step - 1).toFixed(1)}
          y={top(count).toFixed(1)}
          height={(height - top(count)).toFixed(1)}
          style={{ fill: ink.line }}
        />
      ))}
      <path d={outline} fill="none" style={{ stroke: accent }} strokeWidth="2" strokeLinejoin="round" />
      <line x1="0" x2={width} y1={height} y2={height} style={{ stroke: ink.weak }} />
      <text x="0" y={height + 13} style={{ fill: ink.weak }}>
        {ends[0]}
      </text>
      <text x={width} y={height + 13} textAnchor="end" style={{ fill: ink.weak }}>
        {ends[1]}
      </text>
    </svg>
  );
}
