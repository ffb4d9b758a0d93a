import type { ReactNode } from 'react';
import { ink } from '../theme/palette';
import { cellLook, type ConfusionFacts, type ConfusionNumbers } from './confusion-cells';

const names = 120;

/** The matrix as one SVG, to be taken away; on the page it is a table. */
export function ConfusionPicture({ facts, show }: { facts: ConfusionFacts; show: ConfusionNumbers }): ReactNode {
  const { classes, rowsTitle, columnsTitle } = facts;
  const side = classes.length > 40 ? 12 : classes.length > 12 ? 28 : 56;
  const size = names + side * classes.length;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${size} ${size}`}
      width={size}
      height={size}
      role="img"
      fontSize="11"
      fontFamily="sans-serif"
    >
      <title>{`${rowsTitle} (rows) against ${columnsTitle} (columns)`}</title>
      {classes.map((name, place) => (
        <g key={name} style={{ fill: ink.medium }}>
          <text x={names - 6} y={names + (place + 0.5) * side + 4} textAnchor="end">
            {name}
          </text>
          <text transform={`translate(${names + (place + 0.5) * side + 4} ${names - 6}) rotate(-90)`}>{name}</text>
        </g>
      ))}
      {classes.flatMap((_, row) =>
        classes.map((__, column) => {
          const look = cellLook(facts, show, row, column);
          const [x, y] = [names + column * side, names + row * side];
          return (
            <g key={`${row} ${column}`}>
              <rect x={x} y={y} width={side - 1} height={side - 1} style={{ fill: ink.sunken }} />
              {!look.empty && (
                <rect
                  x={x}
                  y={y}
                  width={side - 1}
                  height={side - 1}
                  style={{ fill: look.colour }}
                  opacity={look.strength}
                />
              )}
              {side > 20 && (
                <text
                  x={x + side / 2}
                  y={y + side / 2 + 4}
                  textAnchor="middle"
                  style={{ fill: look.strength > 0.7 ? ink.surface : ink.strong }}
                >
                  {look.text}
                </text>
              )}
            </g>
          );
        }),
      )}
    </svg>
  );
}
