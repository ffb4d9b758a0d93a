import type { ReactNode } from 'react';
import { compact } from '../../theme/format';
import { accent, ink } from '../../theme/palette';
import type { Polygon } from './lasso';
import { ticksIn, type Projection } from './projection';
import { placeAt, valueAt, type Axis, type ScatterSpace } from './scatter-space';
import styles from './scatter.module.css';

/** Where a sample was at earlier epochs, x and y in turn, the newest last. */
export type Trail = readonly number[];

interface OverlayProps {
  width: number;
  height: number;
  projection: Projection;
  space: ScatterSpace;
  polygon: Polygon | null;
  trails: readonly Trail[];
}

/** Axes, corners, the selection's outline and trails, over the points. */
export function ScatterOverlay({ width, height, projection, space, polygon, trails }: OverlayProps): ReactNode {
  const line = (places: readonly number[]): string =>
    Array.from({ length: places.length / 2 }, (_, n) =>
      projection
        .toScreen(places[2 * n], places[2 * n + 1])
        .map((value) => value.toFixed(1))
        .join(','),
    ).join(' ');
  const corners = space.corners.map(({ name, x, y }) => ({ name, at: projection.toScreen(x, y) }));
  return (
    <svg className={styles.overlay} width={width} height={height} aria-hidden="true">
      {space.axes && <Axes width={width} height={height} projection={projection} axes={space.axes} />}
      {corners.length > 0 && (
        <polygon points={corners.map(({ at }) => at.join(',')).join(' ')} fill="none" style={{ stroke: ink.line }} />
      )}
      {corners.map(({ name, at }, place) => (
        <text
          key={name}
          x={at[0]}
          y={at[1] + (place === 2 ? -8 : 18)}
          textAnchor="middle"
          style={{ fill: ink.strong, fontWeight: 600 }}
        >
          {name}
        </text>
      ))}
      {trails.map((trail, place) => (
        <polyline key={place} points={line(trail)} fill="none" style={{ stroke: accent }} strokeOpacity="0.65" />
      ))}
      {polygon && <polygon points={line(polygon)} fill="none" strokeDasharray="4 3" style={{ stroke: ink.strong }} />}
    </svg>
  );
}

const within = (value: number, low: number, high: number): boolean => value > low && value < high;
const nameHeight = 28;
/** Readable over points. */
const halo = { paintOrder: 'stroke', stroke: 'var(--surface)', strokeWidth: 4 } as const;
const nameStyle = { ...halo, fill: ink.medium, fontWeight: 600 } as const;

function Axes(props: { width: number; height: number; projection: Projection; axes: { x: Axis; y: Axis } }): ReactNode {
  const { width, height, projection, axes } = props;
  const [left, bottom] = projection.toSpace(0, height);
  const [right, top] = projection.toSpace(width, 0);
  const xTicks = ticksIn(valueAt(axes.x, left), valueAt(axes.x, right), width / 90).filter((value) =>
    within(projection.toScreen(placeAt(axes.x, value), 0)[0], 24, width - 12),
  );
  // Under the name of an axis, or in a corner, a tick could not be read.
  const yTicks = ticksIn(valueAt(axes.y, bottom), valueAt(axes.y, top), height / 60).filter((value) =>
    within(projection.toScreen(0, placeAt(axes.y, value))[1], nameHeight, height - 22),
  );
  return (
    <g fontSize="11" style={{ ...halo, fill: ink.weak }}>
      {xTicks.map((value) => {
        const [x] = projection.toScreen(placeAt(axes.x, value), 0);
        return (
          <g key={value}>
            <line x1={x} x2={x} y1={height - 5} y2={height} style={{ stroke: ink.weak, strokeWidth: 1 }} />
            <text x={x} y={height - 8} textAnchor="middle">
              {compact(value)}
            </text>
          </g>
        );
      })}
      {yTicks.map((value) => {
        const [, y] = projection.toScreen(0, placeAt(axes.y, value));
        return (
          <g key={value}>
            <line x1="0" x2="5" y1={y} y2={y} style={{ stroke: ink.weak, strokeWidth: 1 }} />
            <text x="8" y={y + 4}>
              {compact(value)}
            </text>
          </g>
        );
      })}
      <text x={width - 8} y={height - 24} textAnchor="end" style={nameStyle}>
        {axes.x.name} →
      </text>
      <text x="8" y="16" style={nameStyle}>
        ↑ {axes.y.name}
      </text>
    </g>
  );
}
