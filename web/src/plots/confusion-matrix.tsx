'use client';
import type { ReactNode } from 'react';
import type { ConfusionMatrixProps } from './confusion-cells';
import { ConfusionMap } from './confusion-map';
import { ConfusionTable } from './confusion-table';

/** Above so many classes numbers no longer fit into cells. */
const largestTable = 40;

/**
 * Rows say what one opinion holds, columns what the other; colour is the share of the row. Arrow keys move between
 * cells.
 */
export function ConfusionMatrix(props: ConfusionMatrixProps): ReactNode {
  return (
    <div className="confusion" data-testid="confusion-matrix" data-classes={sizeOf(props.classes.length)}>
      <div className="confusion-columns-title">{props.columnsTitle} →</div>
      {props.classes.length <= largestTable ? <ConfusionTable {...props} /> : <ConfusionMap {...props} />}
      {props.normalised.some((row) => row.includes(null)) && (
        <p className="plot-note">A row without samples has no shares.</p>
      )}
    </div>
  );
}

function sizeOf(classes: number): 'few' | 'some' | 'many' {
  return classes <= 10 ? 'few' : classes <= 20 ? 'some' : 'many';
}
