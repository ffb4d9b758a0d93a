'use client';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { integer, percent } from '../theme/format';
import { agree, differ, onTint, tint } from '../theme/palette';
import { shortName } from './class-name';

export interface ConfusionMatrixProps {
  classes: readonly string[];
  /** `[row][column]` */
  counts: readonly (readonly (number | null)[])[];
  /** Each row divided by its sum; null in an empty row. */
  normalised: readonly (readonly (number | null)[])[];
  show: 'counts' | 'share';
  rowsTitle: string;
  columnsTitle: string;
  selected?: { row: number; column: number } | null;
  onSelect?: (row: number, column: number) => void;
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * Rows say what one opinion holds, columns what the other; colour is the share of the row. Arrow keys move between
 * cells.
 */
export function ConfusionMatrix(props: ConfusionMatrixProps): ReactNode {
  const { classes, counts, normalised, rowsTitle, columnsTitle, selected } = props;
  const [active, setActive] = useState(selected ?? { row: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);
  const last = classes.length - 1;
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const row = Math.min(last, Math.max(0, active.row + move[0]));
    const column = Math.min(last, Math.max(0, active.column + move[1]));
    setActive({ row, column });
    table.current?.querySelector<HTMLButtonElement>(`[data-testid="cell-${row}-${column}"]`)?.focus();
  };
  return (
    <div className="confusion" data-testid="confusion-matrix">
      <div className="confusion-columns-title">{columnsTitle} →</div>
      <table
        ref={table}
        role="grid"
        aria-label={`Confusion matrix: rows ${rowsTitle}, columns ${columnsTitle}`}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            <td className="confusion-corner">{rowsTitle} ↓</td>
            {classes.map((name) => (
              <th key={name} scope="col">
                <Names name={name} />
              </th>
            ))}
            <th scope="col" className="confusion-sum">
              sum
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map((name, row) => (
            <tr key={name}>
              <th scope="row">
                <Names name={name} />
              </th>
              {classes.map((_, column) => (
                <Cell
                  key={column}
                  {...props}
                  row={row}
                  column={column}
                  reachable={active.row === row && active.column === column}
                  onFocus={() => setActive({ row, column })}
                />
              ))}
              <td className="confusion-sum">{integer(sum(counts[row] ?? []))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {normalised.some((row) => row.includes(null)) && (
        <p className="plot-note">A row without samples has no shares.</p>
      )}
    </div>
  );
}

function Cell({
  classes,
  counts,
  normalised,
  show,
  rowsTitle,
  columnsTitle,
  selected,
  onSelect,
  row,
  column,
  reachable,
  onFocus,
}: ConfusionMatrixProps & { row: number; column: number; reachable: boolean; onFocus: () => void }): ReactNode {
  const count = counts[row]?.[column] ?? 0;
  const share = normalised[row]?.[column] ?? null;
  const strength = share === null ? 0 : share ** 0.75;
  const pressed = selected?.row === row && selected.column === column;
  const spoken = `${rowsTitle} ${classes[row]}, ${columnsTitle} ${classes[column]}: ${integer(count)} samples, ${percent(share)} of the row`;
  return (
    <td>
      <button
        type="button"
        data-testid={`cell-${row}-${column}`}
        data-empty={count === 0 || undefined}
        aria-label={spoken}
        aria-pressed={pressed}
        title={spoken}
        tabIndex={reachable ? 0 : -1}
        onFocus={onFocus}
        onClick={() => onSelect?.(row, column)}
        style={{
          background: tint(row === column ? agree : differ, strength),
          color: count === 0 ? undefined : onTint(strength),
        }}
      >
        {show === 'counts'
          ? integer(count)
          : share === null
            ? '–'
            : (share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0)}
      </button>
    </td>
  );
}

function Names({ name }: { name: string }): ReactNode {
  return (
    <>
      <span className="name-full">{name}</span>
      <abbr className="name-short" title={name}>
        {shortName(name)}
      </abbr>
    </>
  );
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
