import type { ReactNode } from 'react';
import { accent, ink, tint } from '../theme/palette';

export interface ClassAttentionRow {
  class: string;
  samples: number;
  minimum: number;
  p5: number;
  mean: number;
  p95: number;
  maximum: number;
}

const names = 110;
const span = 270;
const end = 46;
const rowHeight = 24;
const letterWidth = 6.3;

/** A row a class on one scale of 0 to 1: line from lowest to highest, bar from 5th to 95th percentile, tick at mean. */
export function AttentionByClass({ rows, label }: { rows: readonly ClassAttentionRow[]; label: string }): ReactNode {
  const width = names + span + end;
  const bottom = rows.length * rowHeight;
  const x = (value: number): number => Number((names + value * span).toFixed(1));
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${bottom + 18}`}
      width="100%"
      style={{ display: 'block', maxWidth: width * 1.4 }}
      role="img"
      aria-label={`${label}: ${rows.map((row) => `${row.class} ${row.mean.toFixed(3)}`).join(', ')}`}
      fontFamily="inherit"
      fontSize="12"
    >
      {[0, 0.25, 0.5, 0.75, 1].map((value) => (
        <g key={value}>
          <line x1={x(value)} x2={x(value)} y1="2" y2={bottom} style={{ stroke: ink.line }} />
          <text x={x(value)} y={bottom + 14} fontSize="11" textAnchor="middle" style={{ fill: ink.weak }}>
            {value}
          </text>
        </g>
      ))}
      {rows.map((row, place) => (
        <Row key={row.class} row={row} middle={(place + 0.5) * rowHeight} x={x} />
      ))}
    </svg>
  );
}

interface RowProps {
  row: ClassAttentionRow;
  middle: number;
  x: (value: number) => number;
}

function Row({ row, middle, x }: RowProps): ReactNode {
  const most = Math.floor((names - 10) / letterWidth);
  const name = row.class.length <= most ? row.class : `${row.class.slice(0, most - 1)}…`;
  return (
    <g>
      <title>{`${row.class}: mean ${row.mean.toFixed(3)} over ${row.samples} samples`}</title>
      <text x={names - 8} y={middle + 4} textAnchor="end" style={{ fill: ink.strong }}>
        {name}
      </text>
      <line
        x1={x(row.minimum)}
        x2={x(row.maximum)}
        y1={middle}
        y2={middle}
        style={{ stroke: ink.weak }}
        strokeWidth="1.5"
      />
      <rect
        x={x(row.p5)}
        y={middle - 6}
        width={Math.max(1, Number((x(row.p95) - x(row.p5)).toFixed(1)))}
        height="12"
        rx="2"
        style={{ fill: tint(accent, 0.35), stroke: accent }}
      />
      <line
        x1={x(row.mean)}
        x2={x(row.mean)}
        y1={middle - 9}
        y2={middle + 9}
        style={{ stroke: ink.strong }}
        strokeWidth="2"
      />
      <text x={names + span + end} y={middle + 4} textAnchor="end" style={{ fill: ink.medium }}>
        {row.mean.toFixed(3)}
      </text>
    </g>
  );
}
