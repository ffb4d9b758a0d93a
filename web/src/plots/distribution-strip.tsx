import type { ReactNode } from 'react';

export interface DistributionStripProps {
  classes: readonly string[];
  /** [C], any positive scale: counts or probabilities. */
  values: readonly number[];
  /** [C] */
  colours: readonly string[];
  height?: number;
  /** Empty where what it belongs to says it already. */
  label: string;
}

/** A whole distribution as one thin stacked bar. */
export function DistributionStrip({ classes, values, colours, height = 6, label }: DistributionStripProps): ReactNode {
  const total = values.reduce((sum, value) => sum + value, 0);
  let x = 0;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 100 ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      {...(label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
      style={{ display: 'block', borderRadius: 2 }}
    >
      {classes.map((name, place) => {
        const width = total > 0 ? ((values[place] ?? 0) / total) * 100 : 0;
        const start = x;
        x += width;
        return width === 0 ? null : (
          <rect
            key={name}
            x={start.toFixed(3)}
            width={Math.max(0, width - 0.35).toFixed(3)}
            height={height}
            style={{ fill: colours[place] }}
          >
            <title>{`${name} ${width.toFixed(1)} %`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
