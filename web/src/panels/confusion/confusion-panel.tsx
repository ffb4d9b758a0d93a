'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { samePlace, type ConfusionNumbers, type ConfusionPlace } from '../../plots/confusion-cells';
import { ConfusionMatrix } from '../../plots/confusion-matrix';
import { integer, percent } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { ConfusionFiles } from './confusion-files';
import { CellSamples } from './cell-samples';
import { ConfusionControls } from './confusion-controls';
import { opinionName, writeCells } from './opinions';
import { useMatrices, type Matrices, type Matrix } from './use-matrices';

/** Two opinions against each other; a click on cells, rows or columns lists their samples under the matrix. */
export function ConfusionPanel({ run: id, whole = false }: { run: string; whole?: boolean }): ReactNode {
  const matrices = useMatrices(id);
  const { view, run, matrix, error, loading } = matrices;
  return (
    <Panel
      title="Confusion"
      note={matrix && agreement(matrix)}
      aside={
        <>
          {run && <ConfusionControls view={view} run={run} />}
          {matrix && <ConfusionFiles run={id} matrices={matrices} matrix={matrix} />}
          {!whole && <Link href={routes.confusion(id, queryOf(view.url.query))}>larger</Link>}
        </>
      }
    >
      {error && !matrix ? (
        <Failure error={error} retry={matrices.retry} />
      ) : loading ? (
        <Loading height={380} />
      ) : !matrix ? (
        <Empty title="No epoch is recorded yet">
          <p>The matrix appears after the first epoch.</p>
        </Empty>
      ) : (
        <Shown id={id} matrices={matrices} matrix={matrix} />
      )}
    </Panel>
  );
}

function Shown({ id, matrices, matrix }: { id: string; matrices: Matrices; matrix: Matrix }): ReactNode {
  const { view, before, error, newest } = matrices;
  const { classes } = matrix;
  const place = (name: string | null): number | null => (name === null ? null : classes.indexOf(name));
  const chosen = view.cells.map(({ row, column }) => ({ row: place(row), column: place(column) }));
  const choose = (one: ConfusionPlace, add: boolean): void => {
    const again = chosen.some((other) => samePlace(one, other));
    const rest = add ? chosen.filter((other) => !samePlace(one, other)) : [];
    const name = (index: number | null): string | null => (index === null ? null : classes[index]);
    const next = (again ? rest : [...rest, one]).map(({ row, column }) => ({ row: name(row), column: name(column) }));
    view.url.set({ cells: next.length > 0 ? writeCells(next) : null, row: null, column: null });
  };
  return (
    <>
      {error && <Failure error={error} retry={matrices.retry} />}
      <ConfusionMatrix
        classes={classes}
        counts={matrix.counts}
        normalised={matrix.normalised}
        expected={matrix.expected ?? null}
        before={before?.normalised ?? null}
        show={view.show}
        rowsTitle={opinionName[matrix.rows]}
        columnsTitle={opinionName[matrix.columns]}
        chosen={chosen}
        onChoose={choose}
      />
      <p className="plot-note">{explained(view.show, matrix, before)}</p>
      {view.cells.length > 0 && (
        <CellSamples
          run={id}
          cells={view}
          classes={classes}
          newest={newest}
          shownEpoch={matrix.epoch}
          close={() => view.url.set({ cells: null, row: null, column: null })}
        />
      )}
    </>
  );
}

const choosing = 'Choose a cell, a row’s or a column’s name to see its samples; with Ctrl or Shift several.';

function explained(show: ConfusionNumbers, matrix: Matrix, before: Matrix | null | undefined): string {
  const colour = 'Colour is the share of the row: agreement on the diagonal, disagreement off it.';
  if (show === 'share') return `Numbers are % of the row. ${colour} ${choosing}`;
  if (show === 'expected')
    return matrix.expected
      ? `Numbers are the distributions behind the columns, summed over the samples of the row: counts that keep the doubt. ${colour} ${choosing}`
      : 'These columns are single labels, which have no distribution: choose votes or a branch.';
  if (show === 'difference')
    return before
      ? `Numbers are % of the row now less those before (${integer(before.samples)} samples, epoch ${before.epoch}), in points: teal agrees more than before, orange less. ${choosing}`
      : 'There is nothing to compare with yet.';
  return `${colour} ${choosing}`;
}

function agreement(matrix: Matrix): string {
  const same = matrix.counts.reduce((sum, row, place) => sum + (row[place] ?? 0), 0);
  return `${integer(matrix.samples)} samples, ${percent(matrix.samples > 0 ? same / matrix.samples : null)} agree, epoch ${matrix.epoch}`;
}

function queryOf(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
