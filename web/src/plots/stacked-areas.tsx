import type { ReactNode } from 'react';
import { ink } from '../theme/palette';

export interface StackedAreasProps {
  classes: readonly string[];
  /** [C] */
  colours: readonly string[];
  /** Epochs, ascending. */
  epochs: readonly number[];
  /** One distribution [C] an epoch. */
  distributions: readonly (readonly number[])[];
  /** Epoch that is marked by a line. */
  marked?: number;
  label: string;
}

const width = 480;
const height = 190;
const left = 30;
const right = 8;
const top = 6;
const bottom = 22;

/** How a distribution moves over the epochs: classes stacked to 1, in their order, the first at the bottom. */
export function StackedAreas({ classes, colours, epochs, distributions, marked, label }: StackedAreasProps): ReactNode {
  const first = epochs[0] ?? 0;
  const span = Math.max(1, (epochs[epochs.length - 1] ?? 0) - first);
  const x = (epoch: number): number => left + ((epoch - first) / span) * (width - left - right);
  const y = (share: number): number => top + (1 - share) * (height - top - bottom);
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      role="img"
      aria-label={label}
      fontFamily="inherit"
      fontSize="11"
      style={{ display: 'block' }}
    >
      <Areas {...{ classes, colours, epochs, distributions, x, y }} />
      {[0, 0.5, 1].map((share) => (
        <text
          key={share}
          x={left - 6}
          y={y(share) + (share === 1 ? 9 : share === 0 ? 0 : 4)}
          textAnchor="end"
          style={{ fill: ink.weak }}
        >
          {share * 100}
        </text>
      ))}
      {marked !== undefined && (
        <line
          x1={x(marked).toFixed(1)}
          x2={x(marked).toFixed(1)}
          y1={top}
          y2={height - bottom}
          style={{ stroke: ink.strong }}
          strokeWidth="1.5"
          strokeDasharray="3 2"
        />
      )}
      <Ticks epochs={epochs} x={x} />
    </svg>
  );
}

type AreasProps = Pick<StackedAreasProps, 'classes' | 'colours' | 'epochs' | 'distributions'> & {
  x: (epoch: number) => number;
  y: (share: number) => number;
};

function Areas({ classes, colours, epochs, distributions, x, y }: AreasProps): ReactNode {
  const below = classes.map((_, place) =>
    distributions.map((row) => row.slice(0, place).reduce((sum, value) => sum + value, 0)),
  );
  return (
    <>
      {classes.map((name, place) => {
        const upper = epochs.map(
          (epoch, at) => `${x(epoch).toFixed(1)},${y(below[place][at] + (distributions[at][place] ?? 0)).toFixed(1)}`,
        );
        const lower = epochs.map((epoch, at) => `${x(epoch).toFixed(1)},${y(below[place][at]).toFixed(1)}`).reverse();
        return (
          <polygon
            key={name}
            points={[...upper, ...lower].join(' ')}
            style={{ fill: colours[place], stroke: ink.surface }}
            strokeWidth="0.7"
          >
            <title>{name}</title>
          </polygon>
        );
      })}
    </>
  );
}

function Ticks({ epochs, x }: { epochs: readonly number[]; x: (epoch: number) => number }): ReactNode {
  const first = epochs[0] ?? 0;
  return (
    <>
      {epochTicks(epochs).map((epoch) => (
        <text
          key={epoch}
          x={x(epoch).toFixed(1)}
          y={height - 7}
          textAnchor={epoch === first ? 'start' : epoch === epochs[epochs.length - 1] ? 'end' : 'middle'}
          style={{ fill: ink.weak }}
        >
          {epoch}
        </text>
      ))}
    </>
  );
}

/** First, last and at most four epochs between them. */
function epochTicks(epochs: readonly number[]): number[] {
  const step = Math.max(1, Math.ceil((epochs.length - 1) / 5));
  return epochs.filter(
    (_, place) => place === epochs.length - 1 || (place % step === 0 && epochs.length - 1 - place >= step),
  );
}
