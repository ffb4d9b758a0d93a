'use client';
import type { Opinion, Split } from '../../graphql/generated/graphql';
import { useUrlState, type UrlState } from '../../navigation/url-state';
import { opinions, type Cell } from './opinions';

export interface ConfusionView {
  split: Split;
  rows: Opinion;
  columns: Opinion;
  /** null: newest. */
  epoch: number | null;
  show: 'counts' | 'share';
  cell: Cell | null;
  url: UrlState;
}

/** What the matrix shows, read from the URL; values that do not fit the run fall back to the defaults. */
export function useConfusionView(splits: readonly Split[], classes: readonly string[]): ConfusionView {
  const url = useUrlState();
  const usual = (['VALIDATION', 'TEST', 'TRAIN'] as const).find((one) => splits.includes(one)) ?? 'VALIDATION';
  const split = url.oneOf('split', splits.length > 0 ? splits : ([usual] as const), usual);
  const rows = url.oneOf('rows', opinions, 'GIVEN');
  const columns = url.oneOf('columns', opinions, 'TARGET');
  const row = url.get('row');
  const column = url.get('column');
  const cell =
    row !== null && column !== null && classes.includes(row) && classes.includes(column)
      ? { split, rows, columns, row, column }
      : null;
  return {
    split,
    rows,
    columns,
    epoch: url.count('epoch'),
    show: url.oneOf('show', ['counts', 'share'] as const),
    cell,
    url,
  };
}
