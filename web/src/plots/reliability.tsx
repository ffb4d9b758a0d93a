import type { ReactNode } from 'react';
import { agree, differ, ink } from '../theme/palette';

export interface ReliabilityBin {
  /** Ends of the confidence, in [0, 1]. */
  lower: number;
  upper: number;
  samples: number;
  /** Null in an empty bin. */
  confidence: number | null;
  accuracy: number | null;
}

const size = 220;
const margin = 26;

/** Accuracy by confidence: on the diagonal a model knows how often it is right. Bars below it: too sure. */
export function Reliability({ bins, label }: { bins: readonly ReliabilityBin[]; label: string }): ReactNode {
  const place = (share: number): number => margin + share * size;
  const most = Math.max(1, ...bins.map((bin) => bin.samples));
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${size + margin + 8} ${size + margin + 8}`}
      width="100%"
      style={{ maxWidth: 290 }}
      role="img"
      aria-label={label}
      fontSize="10.5"
    >
      <title>{label}</title>
      <rect x={margin} y="4" width={size} height={size} fill="none" style={{ stroke: ink.line }} />
      {bins.map((bin) => {
        if (bin.accuracy === null || bin.samples === 0) return null;
        const width = (bin.upper - bin.lower) * size - 1.5;
        const sure = bin.accuracy < (bin.confidence ?? (bin.lower + bin.upper) / 2);
        return (
          <g key={bin.lower}>
            <rect
              x={place(bin.lower) + 0.75}
              y={4 + (1 - bin.accuracy) * size}
              width={width}
              height={bin.accuracy * size}
              style={{ fill: sure ? differ : agree, opacity: 0.25 + 0.75 * Math.sqrt(bin.samples / most) }}
            >
              <title>{`confidence ${bin.lower.toFixed(2)} to ${bin.upper.toFixed(2)}: accuracy ${bin.accuracy.toFixed(3)}, ${bin.samples} samples`}</title>
            </rect>
          </g>
        );
      })}
      <line x1={margin} y1={4 + size} x2={margin + size} y2="4" strokeDasharray="4 3" style={{ stroke: ink.strong }} />
      {[0, 0.5, 1].map((tick) => (
        <g key={tick} style={{ fill: ink.weak }}>
          <text x={place(tick)} y={size + 18} textAnchor="middle">
            {tick}
          </text>
          <text x={margin - 4} y={8 + (1 - tick) * size} textAnchor="end">
            {tick}
          </text>
        </g>
      ))}
      <text x={margin + size / 2} y={size + 31} textAnchor="middle" style={{ fill: ink.medium }}>
        confidence
      </text>
      <text x={margin + 5} y="16" style={{ fill: ink.medium }}>
        accuracy
      </text>
    </svg>
  );
}
