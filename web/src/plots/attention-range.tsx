import type { ReactNode } from 'react';
import { accent, ink, tint } from '../theme/palette';

export interface AttentionRangeProps {
  label: string;
  minimum: number;
  p5: number;
  mean: number;
  p95: number;
  maximum: number;
}

const width = 460;
const left = 4;
const span = width - 2 * left;

/**
 * Spread of the sample attention w over a split: a thin line from minimum to maximum, a bar from the 5th to the 95th
 * percentile, a tick at the mean.
 */
export function AttentionRange({ label, minimum, p5, mean, p95, maximum }: AttentionRangeProps): ReactNode {
  const x = (value: number): number => Number((left + value * span).toFixed(1));
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} 40`}
      width="100%"
      style={{ display: 'block', maxWidth: 520 }}
      role="img"
      aria-label={`${label}: mean ${mean.toFixed(3)}, 5th to 95th percentile ${p5.toFixed(3)} to ${p95.toFixed(3)}, from ${minimum.toFixed(3)} to ${maximum.toFixed(3)}`}
      fontFamily="inherit"
      fontSize="11"
    >
      <line x1={x(0)} x2={x(1)} y1="14" y2="14" style={{ stroke: ink.line }} strokeWidth="1" />
      <line x1={x(minimum)} x2={x(maximum)} y1="14" y2="14" style={{ stroke: ink.weak }} strokeWidth="1.5" />
      <rect
        x={x(p5)}
        y="7"
        width={Math.max(1, x(p95) - x(p5))}
        height="14"
        rx="2"
        style={{ fill: tint(accent, 0.35), stroke: accent }}
      />
      <line x1={x(mean)} x2={x(mean)} y1="3" y2="25" style={{ stroke: ink.strong }} strokeWidth="2" />
      {[0, 0.25, 0.5, 0.75, 1].map((value) => (
        <text
          key={value}
          x={x(value)}
          y="37"
          textAnchor={value === 0 ? 'start' : value === 1 ? 'end' : 'middle'}
          style={{ fill: ink.weak }}
        >
          {value}
        </text>
      ))}
    </svg>
  );
}
