import type { ReactNode } from 'react';
import { accent, ink } from '../theme/palette';

export interface ParallelAxis {
  name: string;
  /** One a line; null where it is not known. */
  values: readonly (number | null)[];
  format: (value: number) => string;
}

export interface ParallelCoordinatesProps {
  axes: readonly ParallelAxis[];
  names: readonly string[];
  letters: readonly string[];
}

const width = 1000;
const height = 260;
const margin = { left: 40, right: 60, top: 28, bottom: 22 };

/** A line for each of `names` through its values on every axis; the colour's strength follows the last axis. */
export function ParallelCoordinates({ axes, names, letters }: ParallelCoordinatesProps): ReactNode {
  const x = (place: number): number =>
    margin.left + (place / Math.max(1, axes.length - 1)) * (width - margin.left - margin.right);
  const scales = axes.map(scaleOf);
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      role="img"
      aria-label={`Parallel coordinates of ${names.length} runs over ${axes.map(({ name }) => name).join(', ')}`}
      style={{ display: 'block', minHeight: 200 }}
    >
      {names.map((name, line) => {
        const points = axes.flatMap((axis, place) => {
          const value = axis.values[line];
          return value === null || value === undefined ? [] : [[x(place), scales[place].y(value)] as const];
        });
        const last = axes.at(-1)?.values[line];
        const share = last === null || last === undefined ? 0 : scales.at(-1)!.share(last);
        const end = points.at(-1);
        return (
          <g key={name} className="parallel-line">
            <title>{name}</title>
            <polyline
              points={points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')}
              fill="none"
              strokeWidth="2"
              style={{ stroke: `color-mix(in oklab, ${accent} ${Math.round(25 + 75 * share)}%, ${ink.line})` }}
            />
            {end && (
              <text x={end[0] + 8} y={end[1] + 4} fontSize="12" style={{ fill: ink.medium }}>
                {letters[line]}
              </text>
            )}
          </g>
        );
      })}
      {axes.map((axis, place) => (
        <g key={axis.name} transform={`translate(${x(place).toFixed(1)} 0)`}>
          <line y1={margin.top} y2={height - margin.bottom} style={{ stroke: ink.weak }} />
          <text y={12} textAnchor="middle" fontSize="12" fontWeight="600" style={{ fill: ink.strong }}>
            {axis.name}
          </text>
          <text y={margin.top - 3} textAnchor="middle" fontSize="11" style={{ fill: ink.weak }}>
            {axis.format(scales[place].high)}
          </text>
          <text y={height - margin.bottom + 14} textAnchor="middle" fontSize="11" style={{ fill: ink.weak }}>
            {axis.format(scales[place].low)}
          </text>
        </g>
      ))}
    </svg>
  );
}

interface Scale {
  low: number;
  high: number;
  /** 0 at the low end, 1 at the high one; a half where all are the same. */
  share: (value: number) => number;
  y: (value: number) => number;
}

function scaleOf({ values }: ParallelAxis): Scale {
  const known = values.filter((value): value is number => value !== null);
  const low = known.length > 0 ? Math.min(...known) : 0;
  const high = known.length > 0 ? Math.max(...known) : 0;
  const share = (value: number): number => (high > low ? (value - low) / (high - low) : 0.5);
  return {
    low,
    high,
    share,
    y: (value) => height - margin.bottom - share(value) * (height - margin.top - margin.bottom),
  };
}
