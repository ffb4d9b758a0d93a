import type { ReactNode } from 'react';
import { ink } from '../theme/palette';

export interface DistributionBarsProps {
  /** What the distribution is, for the test id and the heading: label, class, fused, target, votes, true. */
  name: string;
  title: string;
  note?: string | undefined;
  classes: readonly string[];
  /** [C]; may sum to more than 1 (the reference's fallback row). */
  distribution: readonly number[];
  colour: string;
  /** Class that is marked with a ring: the given label. */
  marked?: string | null;
}

const usualNameWidth = 92;
const widestName = 168;
/** Of a letter at 12.5 px, about. */
const letterWidth = 6.6;
const barWidth = 130;
const valueWidth = 46;
const rowHeight = 21;

/** One bar a class, all on the same scale of 0 to 1, so that several stand beside each other. */
export function DistributionBars(props: DistributionBarsProps): ReactNode {
  const { name, title, note, classes, distribution, colour } = props;
  const longest = Math.max(0, ...classes.map((label) => label.length));
  const nameWidth = Math.min(widestName, Math.max(usualNameWidth, Math.ceil(longest * letterWidth + 18)));
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
        {classes.map((label, place) => (
          <Row key={label} {...props} label={label} place={place} nameWidth={nameWidth} />
        ))}
      </svg>
    </figure>
  );
}

function Row(props: DistributionBarsProps & { label: string; place: number; nameWidth: number }): ReactNode {
  const { distribution, colour, marked, label, place, nameWidth } = props;
  const highest = place === distribution.indexOf(Math.max(...distribution));
  const value = distribution[place] ?? 0;
  const y = place * rowHeight + 1;
  const bar = { x: nameWidth, y: y + 3, height: rowHeight - 6, rx: '2' };
  return (
    <g fontWeight={highest ? 700 : 400}>
      <text x={nameWidth - 7} y={y + 14.5} textAnchor="end" style={{ fill: highest ? ink.strong : ink.medium }}>
        {fitted(label)}
        {fitted(label) !== label && <title>{label}</title>}
      </text>
      {label === marked && (
        <circle cx="4" cy={y + 10.5} r="2.6" fill="none" style={{ stroke: ink.strong }} strokeWidth="1.5" />
      )}
      <rect {...bar} width={barWidth} style={{ fill: ink.sunken }} />
      <rect {...bar} width={Number((barWidth * Math.min(1, value)).toFixed(2))} style={{ fill: colour }} />
      <text
        x={nameWidth + barWidth + valueWidth}
        y={y + 14.5}
        textAnchor="end"
        style={{ fill: highest ? ink.strong : ink.medium }}
      >
        {(value * 100).toFixed(1)}
      </text>
    </g>
  );
}

/** The beginning of a name that is too long even for the widest column; the whole one is its title. */
function fitted(label: string): string {
  const most = Math.floor((widestName - 18) / letterWidth);
  return label.length <= most ? label : `${label.slice(0, most - 1)}…`;
}
