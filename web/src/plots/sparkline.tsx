import type { ReactNode } from 'react';
import { accent } from '../theme/palette';

export interface SparklineProps {
  values: readonly number[];
  label: string;
  colour?: string;
  width?: number;
  height?: number;
}

/** A line without axes; the last value has a dot. */
export function Sparkline({ values, label, colour = accent, width = 84, height = 22 }: SparklineProps): ReactNode {
  if (values.length === 0) return null;
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const points = values.map((value, place) => {
    const x = values.length === 1 ? width - 4 : 2 + (place / (values.length - 1)) * (width - 6);
    return [x, height - 4 - (range > 0 ? (value - low) / range : 0.5) * (height - 8)] as const;
  });
  const end = points[points.length - 1];
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      style={{ display: 'block', maxWidth: '100%' }}
    >
      <polyline
        points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
        fill="none"
        style={{ stroke: colour }}
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <circle cx={end[0].toFixed(1)} cy={end[1].toFixed(1)} r="2.3" style={{ fill: colour }} />
    </svg>
  );
}
