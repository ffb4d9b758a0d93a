'use client';
import Link from 'next/link';
import { useMemo, useState, type ReactNode } from 'react';
import type { AnalysisFilter } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { samePlace, type ConfusionPlace } from '../../plots/confusion-cells';
import { ConfusionMatrix } from '../../plots/confusion-matrix';
import { Histogram } from '../../plots/histogram';
import { integer } from '../../theme/format';
import { measureName } from '../../theme/measures';
import { Panel } from '../../theme/panel';
import { Empty } from '../../theme/states';
import { confusionOf, idsOf, numbers, type ColumnMap } from './explore-data';
import type { ExploreView } from './explore-view';
import type { ExploredRun, SelectionPart } from './explored';
import { SelectedFaces } from './selected-faces';
import styles from './explore.module.css';

interface SelectionProps {
  run: ExploredRun;
  epoch: number;
  newest: number;
  view: ExploreView;
  columns: ColumnMap;
  /** Indices. */
  selected: readonly number[];
  ids: readonly string[];
  actions: SelectionPart;
}

/** The chosen points as a matrix, histograms, faces and a list. A cell of the matrix narrows what stands below. */
export function SelectionPanels(props: SelectionProps): ReactNode {
  const { run, view, columns, selected, ids, actions } = props;
  const { classes } = run.dataset;
  const [cell, setCell] = useState<ConfusionPlace | null>(null);
  const counts = useMemo(() => confusionOf(columns, selected, classes.length), [columns, selected, classes.length]);
  const points = useMemo(() => narrowed(columns, selected, cell), [columns, selected, cell]);
  const narrowedIds = useMemo(() => (cell ? idsOf(columns, points) : ids), [columns, points, cell, ids]);
  if (selected.length === 0)
    return (
      <Panel title="Chosen">
        <Empty title="Nothing is chosen">
          <p>Hold Shift and draw around points, or take the lasso or the rectangle above the picture.</p>
        </Empty>
      </Panel>
    );
  const how = `${view.space} of ${run.name}, epoch ${props.epoch}`;
  return (
    <>
      <Panel title="Chosen" note={`${integer(points.length)} of ${integer(selected.length)} samples`}>
        {actions({ dataset: run.dataset.id, classes, ids: narrowedIds, how, run: run.id, epoch: props.epoch })}
        {narrowedIds.length <= mostInAddress && (
          <p className="plot-note">
            <Link href={routes.runSamples(run.id, addressOf(narrowedIds, props))}>
              as a list, with order and filters
            </Link>
          </p>
        )}
        <ConfusionMatrix
          classes={classes}
          counts={counts}
          normalised={counts.map((row) => shares(row))}
          show="counts"
          rowsTitle="given label"
          columnsTitle="target branch"
          chosen={cell ? [cell] : []}
          onChoose={(next) => setCell(cell && samePlace(cell, next) ? null : next)}
        />
      </Panel>
      <Histograms columns={columns} points={points} />
      <SelectedFaces {...props} ids={narrowedIds} />
    </>
  );
}

/** Ids in an address: more would be longer than servers read. */
const mostInAddress = 200;

function addressOf(ids: readonly string[], { epoch, newest }: SelectionProps): Record<string, string> {
  const where: AnalysisFilter = { samples: [...ids] };
  return { where: JSON.stringify(where), ...(epoch < newest && { epoch: String(epoch) }) };
}

function shares(row: readonly number[]): (number | null)[] {
  const sum = row.reduce((total, count) => total + count, 0);
  return row.map((count) => (sum > 0 ? count / sum : null));
}

function narrowed(columns: ColumnMap, points: readonly number[], cell: ConfusionPlace | null): readonly number[] {
  if (!cell) return points;
  const [given, target] = [numbers(columns, 'GIVEN_LABEL'), numbers(columns, 'TARGET_LABEL')];
  return points.filter(
    (point) =>
      (cell.row === null || given[point] === cell.row) && (cell.column === null || target[point] === cell.column),
  );
}

/** Of every measure that is loaded: the chosen over all. */
function Histograms({ columns, points }: { columns: ColumnMap; points: readonly number[] }): ReactNode {
  const loaded = [...columns].filter(([name, column]) => column.kind === 'numbers' && name !== 'SAMPLE_NUMBER');
  if (loaded.length === 0) return null;
  return (
    <Panel title="Histograms" note="dark: chosen, light: all, each in % of its own">
      {loaded.map(([name, column]) => (
        <figure key={name} className={styles.histogram}>
          <figcaption>{measureName(name)}</figcaption>
          <Histogram values={column.values} points={points} label={`Histogram of ${measureName(name)}`} />
        </figure>
      ))}
    </Panel>
  );
}
