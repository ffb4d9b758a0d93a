'use client';
import { useRef, type ReactNode } from 'react';
import { ConfusionDocument } from '../../graphql/generated/graphql';
import type { ConfusionFacts } from '../../plots/confusion-cells';
import { ConfusionPicture } from '../../plots/confusion-picture';
import { csvOf } from '../../theme/csv';
import { TakeAway } from '../../theme/take-away';
import { opinionName } from './opinions';
import type { Matrices, Matrix } from './use-matrices';
import styles from './confusion.module.css';

interface FilesProps {
  run: string;
  matrices: Matrices;
  matrix: Matrix;
}

/** The matrix as table, picture and question. On the page it is a table: the picture is drawn out of sight. */
export function ConfusionFiles({ run, matrices, matrix }: FilesProps): ReactNode {
  const picture = useRef<HTMLDivElement>(null);
  const { view, before } = matrices;
  const { split, rows, columns } = view;
  const facts: ConfusionFacts = {
    classes: matrix.classes,
    counts: matrix.counts,
    normalised: matrix.normalised,
    expected: matrix.expected ?? null,
    before: before?.normalised ?? null,
    rowsTitle: opinionName[matrix.rows],
    columnsTitle: opinionName[matrix.columns],
  };
  return (
    <>
      <TakeAway
        name={`${run}-confusion`}
        csv={() => csvOfMatrix(facts, view.show === 'expected' && matrix.expected ? matrix.expected : matrix.counts)}
        picture={picture}
        query={{ document: ConfusionDocument, variables: { id: run, split, rows, columns, epoch: view.epoch } }}
      />
      <div ref={picture} className={styles.picture} aria-hidden="true">
        <ConfusionPicture facts={facts} show={view.show} />
      </div>
    </>
  );
}

function csvOfMatrix({ classes, rowsTitle, columnsTitle }: ConfusionFacts, numbers: ConfusionFacts['counts']): string {
  return csvOf(
    [`${rowsTitle} \\ ${columnsTitle}`, ...classes],
    classes.map((name, row) => [name, ...(numbers[row] ?? [])]),
  );
}
