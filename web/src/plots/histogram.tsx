import { useMemo, type ReactNode } from 'react';
import { compact } from '../theme/format';
import { accent, ink } from '../theme/palette';

export interface HistogramProps {
  values: ArrayLike<number>;
  /** Indices of some of them, drawn over all; each in shares of its own number. */
  points: readonly number[];
  label: string;
  bins?: number;
}

const width = 300;
const height = 64;

/** How values spread, and how some of them do. Values that are not known are left out. */
export function Histogram({ values, points, label, bins = 24 }: HistogramProps): ReactNode {
  const counted = useMemo(() => countBins(values, points, bins), [values, points, bins]);
  const highest = Math.max(1e-9, ...counted.all, ...counted.some);
  const step = width / bins;
  const bars = (shares: readonly number[], inset: number, colour: string): ReactNode =>
    shares.map((share, bin) => (
      <rect
        key={bin}
        x={(bin * step + inset).toFixed(2)}
        width={(step - 2 * inset).toFixed(2)}
        y={(height - (share / highest) * height).toFixed(2)}
        height={((share / highest) * height).toFixed(2)}
        style={{ fill: colour }}
      />
    ));
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height + 14}`}
      width="100%"
      role="img"
      aria-label={label}
      fontSize="10.5"
    >
      <title>{label}</title>
      {bars(counted.all, 0.4, ink.line)}
      {bars(counted.some, step * 0.24, accent)}
      <line x1="0" x2={width} y1={height} y2={height} style={{ stroke: ink.weak }} />
      <text x="0" y={height + 12} style={{ fill: ink.weak }}>
        {compact(counted.low)}
      </text>
      <text x={width} y={height + 12} textAnchor="end" style={{ fill: ink.weak }}>
        {compact(counted.high)}
      </text>
    </svg>
  );
}

/** Shares by bin of all values and of some, between the lowest and the highest. */
function countBins(values: ArrayLike<number>, points: readonly number[], bins: number) {
  let [low, high] = [Infinity, -Infinity];
  for (let n = 0; n < values.length; n++) {
    if (values[n] < low) low = values[n];
    if (values[n] > high) high = values[n];
  }
  if (!(low <= high)) [low, high] = [0, 1];
  const range = high > low ? high - low : 1;
  const binOf = (value: number): number => Math.min(bins - 1, Math.floor(((value - low) / range) * bins));
  const [all, some] = [new Array<number>(bins).fill(0), new Array<number>(bins).fill(0)];
  for (let n = 0; n < values.length; n++) if (!Number.isNaN(values[n])) all[binOf(values[n])]++;
  for (const point of points) if (!Number.isNaN(values[point])) some[binOf(values[point])]++;
  return { all: shares(all), some: shares(some), low, high };
}

function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => (sum > 0 ? count / sum : 0));
}
