import { InvalidInputError } from '../../errors.js';
import { publicPath } from '../../graphql/public-path.js';
import type { AnalysisFilter } from '../lists/analysis-filter.js';
import { type AnalysisColumn, allColumns, columnName, columnNamed, usualColumns } from './column.js';

export interface ColumnsAddress {
  run: string;
  epoch: number;
  columns: readonly AnalysisColumn[];
  filter: AnalysisFilter;
  from: number;
  to: number | null;
}

/**
 * `/columns/run_1/epochs/3.arrow?columns=key,targetDistribution&filter={…}&from=0&to=1000`; what is left out is all of
 * it.
 */
export function columnsUrl({ run, epoch, columns, filter, from, to }: ColumnsAddress): string {
  const query = new URLSearchParams();
  if (columns.length !== usualColumns.length || columns.some((name) => !usualColumns.includes(name)))
    query.set('columns', columns.map(columnName).join(','));
  const text = filterText(filter);
  if (text !== '{}') query.set('filter', text);
  if (from > 0) query.set('from', String(from));
  if (to !== null) query.set('to', String(to));
  return publicPath(`/columns/${run}/epochs/${epoch}.arrow${query.size > 0 ? `?${query}` : ''}`);
}

/** What a table of every epoch has unless other columns are asked for: all that was recorded, and nothing computed. */
export const runColumns: readonly AnalysisColumn[] = [
  'RUN',
  'EPOCH',
  'SPLIT',
  'SAMPLE',
  'KEY',
  'IMAGE',
  'GIVEN_LABEL',
  'TRUE_DISTRIBUTION',
  'LABEL_DISTRIBUTION',
  'TARGET_DISTRIBUTION',
];

/** JSON without what is not set. */
export function filterText(filter: AnalysisFilter): string {
  return JSON.stringify(filter, (_, value: unknown) => value ?? undefined);
}

/** @throws InvalidInputError for names that are no columns, and for the same one twice. */
export function checkColumns(columns: readonly AnalysisColumn[]): readonly AnalysisColumn[] {
  if (columns.length === 0) throw new InvalidInputError('columns', 'at least one column', columns);
  const twice = columns.find((name, place) => columns.indexOf(name) !== place);
  if (twice) throw new InvalidInputError('columns', 'every column once', twice);
  return columns;
}

/** Column names with commas between; null: all that never change. */
export function parseColumns(text: string | null): readonly AnalysisColumn[] {
  if (text === null) return usualColumns;
  return checkColumns(
    text.split(',').map((name) => {
      const found = columnNamed(name.trim());
      if (!found)
        throw new InvalidInputError('columns', `names of columns: ${allColumns.map(columnName).join(', ')}`, name);
      return found;
    }),
  );
}
