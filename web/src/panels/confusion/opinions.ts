import type { AnalysisFilter, Opinion, Split } from '../../graphql/generated/graphql';
import { labelParameters } from '../../navigation/sample-list';

export const opinions: readonly Opinion[] = ['GIVEN', 'CLEAN', 'VOTES', 'AUXILIARY', 'FUSED', 'TARGET'];

export const opinionName: Record<Opinion, string> = {
  GIVEN: 'given label',
  CLEAN: 'clean label',
  VOTES: 'votes',
  AUXILIARY: 'auxiliary branch',
  FUSED: 'fused',
  TARGET: 'target branch',
};

const parameterOf = {
  GIVEN: 'given',
  CLEAN: 'clean',
  VOTES: 'votes',
  AUXILIARY: 'auxiliary',
  FUSED: 'fused',
  TARGET: 'target',
} as const satisfies Record<Opinion, keyof typeof labelParameters>;

/** A cell; without a row a whole column, without a column a whole row. Names of classes. */
export interface Cell {
  row: string | null;
  column: string | null;
}

export interface Cells {
  split: Split;
  rows: Opinion;
  columns: Opinion;
  cells: readonly Cell[];
}

function cellCondition(rows: Opinion, columns: Opinion, { row, column }: Cell): AnalysisFilter {
  return {
    ...(row !== null && { [labelParameters[parameterOf[rows]]]: row }),
    ...(column !== null && { [labelParameters[parameterOf[columns]]]: column }),
  };
}

/** The samples of cells, as a filter of the API. A diagonal of one opinion asks twice for the same label. */
export function cellsFilter({ split, rows, columns, cells }: Cells): AnalysisFilter {
  const conditions = cells.map((cell) => cellCondition(rows, columns, cell));
  return conditions.length === 1 ? { split, ...conditions[0] } : { split, or: conditions };
}

/** The same filter as the query string of the samples page. */
export function cellsQuery(all: Cells): Record<string, string> {
  const [cell, ...others] = all.cells;
  if (!cell || others.length > 0) return { split: all.split, where: JSON.stringify(cellsFilter({ ...all })) };
  return {
    split: all.split,
    ...(cell.row !== null && { [parameterOf[all.rows]]: cell.row }),
    ...(cell.column !== null && { [parameterOf[all.columns]]: cell.column }),
  };
}

/** Cells as one value of the query string: `anger>fear`, `anger>*`, with `|` between and around nothing. */
export function writeCells(cells: readonly Cell[]): string {
  const part = (name: string | null): string => (name === null ? '*' : encodeURIComponent(name));
  return cells.map(({ row, column }) => `${part(row)}>${part(column)}`).join('|');
}

/** Cells of that text whose classes exist; others are left out. */
export function readCells(text: string | null, classes: readonly string[]): Cell[] {
  if (!text) return [];
  return text.split('|').flatMap((part) => {
    const [row, column, ...rest] = part.split('>').map((name) => (name === '*' ? null : decode(name)));
    if (row === undefined || column === undefined || rest.length > 0 || (row === null && column === null)) return [];
    const known = (name: string | null): boolean => name === null || classes.includes(name);
    return known(row) && known(column) ? [{ row, column }] : [];
  });
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
