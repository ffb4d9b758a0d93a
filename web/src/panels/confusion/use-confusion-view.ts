'use client';
import type { Split } from '../../graphql/generated/graphql';
import { useUrlState, type UrlState } from '../../navigation/url-state';
import type { ConfusionNumbers } from '../../plots/confusion-cells';
import { opinions, readCells, type Cells } from './opinions';

export interface ConfusionView extends Cells {
  /** null: newest. */
  epoch: number | null;
  show: ConfusionNumbers;
  /** What is compared with, where `show` is the difference: a run, or an epoch of this one. */
  against: { run: string } | { epoch: number } | null;
  url: UrlState;
}

const numbers = ['counts', 'share', 'expected', 'difference'] as const;

/** What the matrix shows, read from the URL; values that do not fit the run fall back to the defaults. */
export function useConfusionView(splits: readonly Split[], classes: readonly string[]): ConfusionView {
  const url = useUrlState();
  const usual = (['VALIDATION', 'TEST', 'TRAIN'] as const).find((one) => splits.includes(one)) ?? 'VALIDATION';
  const against = url.get('against') ?? '';
  const row = url.get('row');
  const column = url.get('column');
  const old = row !== null && column !== null && classes.includes(row) && classes.includes(column);
  return {
    split: url.oneOf('split', splits.length > 0 ? splits : ([usual] as const), usual),
    rows: url.oneOf('rows', opinions, 'GIVEN'),
    columns: url.oneOf('columns', opinions, 'TARGET'),
    cells: old ? [{ row, column }] : readCells(url.get('cells'), classes),
    epoch: url.count('epoch'),
    show: url.oneOf('show', numbers),
    against: /^run_\d+$/.test(against)
      ? { run: against }
      : /^[1-9]\d{0,8}$/.test(against)
        ? { epoch: Number(against) }
        : null,
    url,
  };
}
