import { serverPath } from '../graphql/address';
import type { AnalysisFilter } from '../graphql/generated/graphql';

export interface ColumnsQuestion {
  run: string;
  epoch: number;
  filter: AnalysisFilter;
}

/** As files and addresses call a column: `labelDistribution`. */
function columnName(column: string): string {
  return column.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Where whole columns come from, in the order of import; the same address gives the same bytes for ever. */
export function columnsUrl({ run, epoch, filter }: ColumnsQuestion, columns: readonly string[]): string {
  return serverPath(`/columns/${run}/epochs/${epoch}.arrow?${query(filter, columns)}`);
}

export type FileFormat = 'csv' | 'parquet' | 'arrow' | 'json';

/** The same as a file to keep; without `columns` all of them. */
export function columnsFileUrl(
  { run, epoch, filter }: ColumnsQuestion,
  format: FileFormat,
  columns: readonly string[] = [],
): string {
  return serverPath(`/columns/${run}/epochs/${epoch}.${format}?${query(filter, columns)}`);
}

function query(filter: AnalysisFilter, columns: readonly string[]): string {
  const parameters = new URLSearchParams();
  if (columns.length > 0) parameters.set('columns', columns.map(columnName).join(','));
  if (Object.keys(filter).length > 0) parameters.set('filter', JSON.stringify(filter));
  return parameters.toString();
}
