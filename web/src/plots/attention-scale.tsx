import type { ReactNode } from 'react';
import { ink } from '../theme/palette';

export interface AttentionMark {
  name: string;
  value: number;
  colour: string;
}

/** Attentions and fusion weight on one axis of 0 to 1. */
export function AttentionScale({ marks }: { marks: readonly AttentionMark[] }): ReactNode {
  const rowHeight = 24;
  const left = 108;
  const width = 330;
  const bar = width - left - 42;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${marks.length * rowHeight}`}
      width="100%"
      style={{ maxWidth: 380, display: 'block' }}
      role="img"
      aria-label={marks.map((mark) => `${mark.name} ${mark.value.toFixed(3)}`).join(', ')}
      fontFamily="inherit"
      fontSize="12"
    >
      {marks.map((mark, place) => {
        const y = place * rowHeight + rowHeight / 2;
        const x = left + Math.min(1, Math.max(0, mark.value)) * bar;
        return (
          <g key={mark.name}>
            <text x="0" y={y + 4} style={{ fill: ink.medium }}>
              {mark.name}
            </text>
            <line
              x1={left}
              x2={left + bar}
              y1={y}
              y2={y}
              style={{ stroke: ink.line }}
              strokeWidth="3"
              strokeLinecap="round"
            />
            <line
              x1={left}
              x2={x.toFixed(1)}
              y1={y}
              y2={y}
              style={{ stroke: mark.colour }}
              strokeWidth="3"
              strokeLinecap="round"
            />
            <circle
              cx={x.toFixed(1)}
              cy={y}
              r="5"
              style={{ fill: mark.colour, stroke: ink.surface }}
              strokeWidth="1.5"
            />
            <text x={width} y={y + 4} textAnchor="end" fontWeight="600" style={{ fill: ink.strong }}>
              {mark.value.toFixed(3)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
