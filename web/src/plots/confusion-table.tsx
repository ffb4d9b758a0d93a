'use client';
import { memo, useCallback, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { integer } from '../theme/format';
import { onTint, tint } from '../theme/palette';
import { shortNames } from './class-name';
import { cellLook, isChosen, sumOf, type CellLook, type ConfusionMatrixProps } from './confusion-cells';

export const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** A button a cell, a row and a column; one of the cells is in the tab order. */
export function ConfusionTable(props: ConfusionMatrixProps): ReactNode {
  const { classes, counts, rowsTitle, columnsTitle, chosen, show, onChoose } = props;
  const fixed = props.cellsOnly === true;
  const [active, setActive] = useState({ row: chosen[0]?.row ?? 0, column: chosen[0]?.column ?? 0 });
  const table = useRef<HTMLTableElement>(null);
  const last = classes.length - 1;
  const short = shortNames(classes);
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const row = Math.min(last, Math.max(0, active.row + move[0]));
    const column = Math.min(last, Math.max(0, active.column + move[1]));
    setActive({ row, column });
    table.current?.querySelector<HTMLButtonElement>(`[data-testid="cell-${row}-${column}"]`)?.focus();
  };
  const latest = useRef(onChoose);
  latest.current = onChoose;
  const choose = useCallback(
    (row: number | null, column: number | null, add: boolean) => latest.current?.({ row, column }, add),
    [],
  );
  const focus = useCallback((row: number, column: number) => setActive({ row, column }), []);
  return (
    <div className="confusion-scroll" tabIndex={-1}>
      <table
        ref={table}
        role="grid"
        aria-multiselectable
        aria-label={`Confusion matrix: rows ${rowsTitle}, columns ${columnsTitle}`}
        onKeyDown={onKeyDown}
      >
        <Heads {...props} choose={choose} fixed={fixed} />
        <tbody>
          {classes.map((name, row) => (
            <tr key={name}>
              <Head name={name} short={short[row]} scope="row" choose={choose} row={row} column={null} fixed={fixed} />
              {classes.map((_, column) => (
                <Cell
                  key={column}
                  {...cellLook(props, show, row, column)}
                  row={row}
                  column={column}
                  pressed={isChosen(chosen, row, column)}
                  reachable={active.row === row && active.column === column}
                  focus={focus}
                  choose={choose}
                />
              ))}
              <td className="confusion-sum">{integer(sumOf(counts[row] ?? []))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Heads(
  props: Pick<ConfusionMatrixProps, 'classes' | 'rowsTitle'> & { choose: Choose; fixed: boolean },
): ReactNode {
  const { classes, rowsTitle, choose, fixed } = props;
  const short = shortNames(classes);
  return (
    <thead>
      <tr>
        <td className="confusion-corner">{rowsTitle} ↓</td>
        {classes.map((name, column) => (
          <Head
            key={name}
            name={name}
            short={short[column]}
            scope="col"
            choose={choose}
            row={null}
            column={column}
            fixed={fixed}
          />
        ))}
        <th scope="col" className="confusion-sum">
          sum
        </th>
      </tr>
    </thead>
  );
}

type Choose = (row: number | null, column: number | null, add: boolean) => void;

interface CellProps extends CellLook {
  row: number;
  column: number;
  pressed: boolean;
  reachable: boolean;
  focus: (row: number, column: number) => void;
  choose: Choose;
}

const Cell = memo(function Cell(props: CellProps): ReactNode {
  const { text, colour, strength, empty, spoken, row, column, pressed, reachable, focus, choose } = props;
  return (
    <td role="gridcell" aria-selected={pressed}>
      <button
        type="button"
        data-testid={`cell-${row}-${column}`}
        data-empty={empty || undefined}
        aria-label={spoken}
        aria-pressed={pressed}
        title={spoken}
        tabIndex={reachable ? 0 : -1}
        onFocus={() => focus(row, column)}
        onClick={(event) => choose(row, column, event.ctrlKey || event.metaKey || event.shiftKey)}
        style={{ background: tint(colour, strength), color: empty ? undefined : onTint(strength) }}
      >
        {text}
      </button>
    </td>
  );
});

const Head = memo(function Head(props: {
  name: string;
  short: string;
  scope: 'row' | 'col';
  row: number | null;
  column: number | null;
  fixed: boolean;
  choose: Choose;
}): ReactNode {
  const { name, short, scope, row, column, fixed, choose } = props;
  return (
    <th scope={scope} title={name}>
      <button
        type="button"
        className="confusion-head"
        tabIndex={-1}
        disabled={fixed}
        title={fixed ? name : `${name}: choose the whole ${scope === 'row' ? 'row' : 'column'}`}
        onClick={(event) => choose(row, column, event.ctrlKey || event.metaKey || event.shiftKey)}
      >
        <span className="name-full">{name}</span>
        <span className="name-short" aria-hidden="true">
          {short}
        </span>
      </button>
    </th>
  );
});
