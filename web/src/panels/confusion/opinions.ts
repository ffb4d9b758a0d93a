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

export interface Cell {
  split: Split;
  rows: Opinion;
  columns: Opinion;
  row: string;
  column: string;
}

/** The samples of a cell, as a filter of the API. */
export function cellFilter({ split, rows, columns, row, column }: Cell): AnalysisFilter {
  return { split, [labelParameters[parameterOf[rows]]]: row, [labelParameters[parameterOf[columns]]]: column };
}

/** The same filter as the query string of the samples page. */
export function cellQuery({ split, rows, columns, row, column }: Cell): Record<string, string> {
  return { split, [parameterOf[rows]]: row, [parameterOf[columns]]: column };
}
