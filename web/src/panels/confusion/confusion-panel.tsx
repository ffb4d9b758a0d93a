'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { ConfusionChoicesDocument, ConfusionDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { ConfusionMatrix } from '../../plots/confusion-matrix';
import { integer, percent } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { CellSamples } from './cell-samples';
import { ConfusionControls } from './confusion-controls';
import { opinionName } from './opinions';
import { useConfusionView } from './use-confusion-view';

/** Two opinions against each other; a click on a cell lists its samples under the matrix. */
export function ConfusionPanel({ run: id }: { run: string }): ReactNode {
  const choices = useQuery(ConfusionChoicesDocument, { variables: { id } });
  const dataset = choices.data?.trainingRun?.dataset;
  const newest = choices.data?.trainingRun?.epoch?.number ?? 0;
  const view = useConfusionView(dataset?.splits.map((one) => one.split) ?? [], dataset?.classes ?? []);
  const epoch = view.epoch !== null && view.epoch < newest ? view.epoch : null;
  const { data, previousData, error, refetch } = useQuery(ConfusionDocument, {
    variables: { id, split: view.split, rows: view.rows, columns: view.columns, epoch },
    skip: !dataset,
  });
  useRefetchOn(choices.data ? newest : undefined, refetch);
  const matrix = (data ?? (error ? undefined : previousData))?.trainingRun?.confusionMatrix;
  const failure = choices.error ?? error;
  const select = (row: number, column: number): void => {
    const next = { row: matrix!.classes[row]!, column: matrix!.classes[column]! };
    const again = view.cell?.row === next.row && view.cell.column === next.column;
    view.url.set(again ? { row: null, column: null } : next);
  };
  const selected =
    view.cell && matrix
      ? { row: matrix.classes.indexOf(view.cell.row), column: matrix.classes.indexOf(view.cell.column) }
      : null;
  return (
    <Panel
      title="Confusion"
      note={matrix && agreement(matrix)}
      aside={
        dataset && <ConfusionControls view={view} splits={dataset.splits.map((one) => one.split)} newest={newest} />
      }
    >
      {failure && !matrix ? (
        <Failure error={failure} retry={() => void (choices.error ? choices.refetch() : refetch())} />
      ) : !data && !matrix ? (
        <Loading height={380} />
      ) : !matrix ? (
        <Empty title="No epoch is recorded yet">
          <p>The matrix appears after the first epoch.</p>
        </Empty>
      ) : (
        <>
          <ConfusionMatrix
            classes={matrix.classes}
            counts={matrix.counts}
            normalised={matrix.normalised}
            show={view.show}
            rowsTitle={opinionName[matrix.rows]}
            columnsTitle={opinionName[matrix.columns]}
            selected={selected}
            onSelect={select}
          />
          <p className="plot-note">
            {view.show === 'share' ? 'Numbers are % of the row. ' : ''}Colour is the share of the row: agreement on the
            diagonal, disagreement off it. Choose a cell to see its faces.
          </p>
          {view.cell && (
            <CellSamples
              run={id}
              cell={view.cell}
              classes={matrix.classes}
              newest={newest}
              shownEpoch={matrix.epoch}
              close={() => view.url.set({ row: null, column: null })}
            />
          )}
        </>
      )}
    </Panel>
  );
}

function agreement(matrix: {
  counts: readonly (readonly (number | null)[])[];
  samples: number;
  epoch: number;
}): string {
  const same = matrix.counts.reduce((sum, row, place) => sum + (row[place] ?? 0), 0);
  return `${integer(matrix.samples)} samples, ${percent(matrix.samples > 0 ? same / matrix.samples : null)} agree, epoch ${matrix.epoch}`;
}
