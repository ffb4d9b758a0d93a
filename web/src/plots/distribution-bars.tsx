import type { ReactNode } from 'react';
import { ink } from '../theme/palette';

export interface DistributionBarsProps {
  /** What the distribution is, for the test id and the heading: label, class, fused, target, votes, true. */
  name: string;
  title: string;
  note?: string;
  classes: readonly string[];
  /** [C]; may sum to more than 1 (the reference's fallback row). */
  distribution: readonly number[];
  colour: string;
  /** Class that is marked with a ring: the given label. */
  marked?: string | null;
}

const nameWidth = 92;
const barWidth = 130;
const valueWidth = 42;
const rowHeight = 21;

/** One bar a class, all on the same scale of 0 to 1, so that several stand beside each other. */
export function DistributionBars({
  name,
  title,
  note,
  classes,
  distribution,
  colour,
  marked,
}: DistributionBarsProps): ReactNode {
  const top = distribution.indexOf(Math.max(...distribution));
  const width = nameWidth + barWidth + valueWidth;
  const height = classes.length * rowHeight + 2;
  const spoken = classes
    .map((label, place) => `${label} ${((distribution[place] ?? 0) * 100).toFixed(1)} %`)
    .join(', ');
  return (
    <figure className="distribution" data-testid={`distribution-${name}`}>
      <figcaption>
        <span className="class-dot" style={{ background: colour }} aria-hidden="true" />
        <b>{title}</b>
        {note && <span>{note}</span>}
      </figcaption>
      <svg
        xmlns="http://www.w3.org/2000/svg"
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        role="img"
        aria-label={`${title}: ${spoken}`}
        fontFamily="inherit"
        fontSize="12.5"
      >
        {classes.map((label, place) => {
          const value = distribution[place] ?? 0;
          const y = place * rowHeight + 1;
          return (
            <g key={label} fontWeight={place === top ? 700 : 400}>
              <text
                x={nameWidth - 7}
                y={y + 14.5}
                textAnchor="end"
                style={{ fill: place === top ? ink.strong : ink.medium }}
              >
                {label}
              </text>
              {label === marked && (
                <circle cx="4" cy={y + 10.5} r="2.6" fill="none" style={{ stroke: ink.strong }} strokeWidth="1.5" />
              )}
              <rect
                x={nameWidth}
                y={y + 3}
                width={barWidth}
                height={rowHeight - 6}
                rx="2"
                style={{ fill: ink.sunken }}
              />
              <rect
                x={nameWidth}
                y={y + 3}
                width={Number((barWidth * Math.min(1, value)).toFixed(2))}
                height={rowHeight - 6}
                rx="2"
                style={{ fill: colour }}
              />
              <text x={width} y={y + 14.5} textAnchor="end" style={{ fill: place === top ? ink.strong : ink.medium }}>
                {(value * 100).toFixed(1)}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
