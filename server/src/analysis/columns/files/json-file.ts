import { columnName } from '../column.js';
import type { ColumnBatch, ColumnSchema, ColumnValues } from '../column-batch.js';
import type { OpenColumnFile } from './column-file.js';
import { cellOf, shortest } from './flat-columns.js';
import { textFile } from './text-file.js';

/** An array of objects, one a sample and a line; vectors are arrays, what is unknown is null. */
export const jsonFile: OpenColumnFile = async (path, shape) =>
  textFile(path, {
    begin: '[',
    lines: (batch, first) =>
      Array.from(
        { length: batch.samples },
        (_, n) => `${first && n === 0 ? '' : ','}\n${sampleText(batch, n, shape)}`,
      ).join(''),
    end: '\n]\n',
  });

function sampleText(batch: ColumnBatch, n: number, { columns, classes }: ColumnSchema): string {
  return `{${columns.map((column) => `${JSON.stringify(columnName(column))}:${valueText(batch.columns.get(column)!, n, classes)}`).join(',')}}`;
}

function valueText(values: ColumnValues, n: number, classes: readonly string[]): string {
  if (values.kind === 'distribution' && Number.isNaN(values.values[n * classes.length])) return 'null';
  if (values.kind === 'distribution')
    return `[${Array.from(values.values.subarray(n * classes.length, (n + 1) * classes.length), shortest).join(',')}]`;
  if (values.kind === 'counts') return JSON.stringify(values.values[n]);
  const cell = cellOf(values, n, classes);
  return values.kind === 'real' && typeof cell === 'number' ? shortest(cell) : JSON.stringify(cell);
}
