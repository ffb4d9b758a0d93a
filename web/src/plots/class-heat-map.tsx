import type { ReactNode } from 'react';
import { accent, differ, heat, ink, onTint, tint } from '../theme/palette';

export interface ClassHeatMapRow {
  class: string;
  /** [C] */
  distribution: readonly number[];
  /** Not mined: the row fell back to the threshold on its diagonal. */
  fallback: boolean | null;
  samples: number | null;
}

const right = 68;
/** Of a letter at 12 px, about. */
const letterWidth = 6.3;
/** Letters of a name that are shown; the whole one is its title. */
const mostLetters = 18;
const cellWidth = 36;
const cellHeight = 31;
const slant = { degrees: 40, sine: Math.sin((40 * Math.PI) / 180), cosine: Math.cos((40 * Math.PI) / 180) };

/** The matrix L: row y is the class distribution of the samples labelled y. */
export function ClassHeatMap({ rows, label }: { rows: readonly ClassHeatMapRow[]; label: string }): ReactNode {
  const size = rows.length;
  const longest = Math.min(mostLetters, Math.max(0, ...rows.map((row) => row.class.length))) * letterWidth;
  // Names of columns stand on the slant, so that none is cut and twenty stay apart.
  const left = Math.ceil(Math.max(56, longest + 14));
  const top = Math.ceil(longest * slant.sine + 18);
  const width = left + size * cellWidth + Math.max(right, Math.ceil(longest * slant.cosine));
  const height = top + size * cellHeight + 4;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      style={{ maxWidth: width * 1.35, display: 'block' }}
      role="img"
      aria-label={label}
      fontFamily="inherit"
      fontSize="12"
    >
      <defs>
        <pattern id="fallback-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="5" style={{ stroke: differ }} strokeWidth="1.2" />
        </pattern>
      </defs>
      {rows.map((row, column) => (
        <text
          key={row.class}
          transform={`translate(${left + (column + 0.5) * cellWidth} ${top - 6}) rotate(-${slant.degrees})`}
          style={{ fill: ink.medium }}
        >
          {fitted(row.class)}
          {fitted(row.class) !== row.class && <title>{row.class}</title>}
        </text>
      ))}
      {rows.map((row, place) => (
        <HeatRow key={row.class} row={row} y={top + place * cellHeight} left={left} />
      ))}
    </svg>
  );
}

function HeatRow({ row, y, left }: { row: ClassHeatMapRow; y: number; left: number }): ReactNode {
  const end = left + row.distribution.length * cellWidth;
  return (
    <g>
      <text
        x={left - 8}
        y={y + cellHeight / 2 + 4}
        textAnchor="end"
        style={{ fill: row.fallback ? differ : ink.strong }}
      >
        {fitted(row.class)}
        {fitted(row.class) !== row.class && <title>{row.class}</title>}
      </text>
      {row.distribution.map((value, column) => {
        const strength = heat(value);
        const x = left + column * cellWidth;
        return (
          <g key={column}>
            <rect
              x={x + 1}
              y={y + 1}
              width={cellWidth - 2}
              height={cellHeight - 2}
              rx="3"
              style={{ fill: tint(accent, strength) }}
            />
            <text
              x={x + cellWidth / 2}
              y={y + cellHeight / 2 + 4}
              textAnchor="middle"
              style={{ fill: onTint(strength) }}
            >
              {hundredths(value)}
            </text>
          </g>
        );
      })}
      {row.fallback && (
        <rect
          x={left + 1}
          y={y + 1}
          width={end - left - 2}
          height={cellHeight - 2}
          rx="3"
          fill="none"
          strokeDasharray="4 3"
          style={{ stroke: differ }}
          strokeWidth="1.4"
        />
      )}
      <RowEnd row={row} x={end} y={y} />
    </g>
  );
}

/** What stands behind a row: that it fell back, or its number of samples. */
function RowEnd({ row, x, y }: { row: ClassHeatMapRow; x: number; y: number }): ReactNode {
  const middle = y + cellHeight / 2;
  if (!row.fallback)
    return (
      <text x={x + 6} y={middle + 4} style={{ fill: ink.weak }}>
        {row.samples === null ? '' : `n ${row.samples}`}
      </text>
    );
  return (
    <g>
      <rect x={x + 6} y={middle - 5} width="10" height="10" fill="url(#fallback-hatch)" style={{ stroke: differ }} />
      <text x={x + 20} y={middle + 4} style={{ fill: differ }}>
        fallback
      </text>
    </g>
  );
}

function fitted(name: string): string {
  return name.length <= mostLetters ? name : `${name.slice(0, mostLetters - 1)}…`;
}

/** Two digits without the leading zero, so that eight classes fit a phone: .76 */
function hundredths(value: number): string {
  return value.toFixed(2).replace(/^0\./, '.');
}
