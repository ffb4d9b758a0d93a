import { RecordingError } from '../recording-error.js';
import {
  columnCalled,
  vectorColumns,
  type KeyColumn,
  type KeyKind,
  type RecordedColumn,
  type RecordedTable,
  type TableColumn,
} from '../recorded-table.js';
import type { NpyArray } from './npy-array.js';

/** Arrays by name, the first axis of each over the same rows. @throws RecordingError */
export function tableOfArrays(arrays: ReadonlyMap<string, NpyArray>): RecordedTable {
  const columns = new Map<RecordedColumn, TableColumn>();
  let keys: { kind: KeyKind; values: NpyArray['values'] } | null = null;
  let rows: number | null = null;
  for (const [name, { shape, values }] of arrays) {
    const column = columnCalled(name);
    if (!column) continue;
    const length = shape[0] ?? 1;
    rows ??= length;
    if (length !== rows)
      throw new RecordingError(null, undefined, `${rows} rows in ${name}, as in the first array`, String(length));
    if (column === 'key' || column === 'file' || column === 'index') keys = { kind: keyKindOf(column, values), values };
    else columns.set(column, columnOf(name, column, shape, values));
  }
  if (!keys && rows !== null && columns.size > 0)
    return { rows, keyKind: 'place', keys: Array.from({ length: rows }, (_, n) => n), columns };
  if (!keys || rows === null)
    throw new RecordingError(
      null,
      undefined,
      'an array called keys, file or index',
      `only ${[...arrays.keys()].join(', ') || 'no array'}`,
    );
  return { rows, keyKind: keys.kind, keys: Array.from(keys.values as ArrayLike<string | number>), columns };
}

/** Keys that are numbers are row numbers of the import. */
function keyKindOf(column: KeyColumn, values: NpyArray['values']): KeyKind {
  return column === 'key' && !Array.isArray(values) ? 'index' : column;
}

function columnOf(name: string, column: RecordedColumn, shape: number[], values: NpyArray['values']): TableColumn {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  if (Array.isArray(values)) {
    if (column !== 'prediction') throw new RecordingError(null, undefined, `numbers in ${name}`, 'text');
    return { width: 1, values: new Float64Array(values.length).fill(Number.NaN), texts: values };
  }
  if (!vectorColumns.has(column) && width !== 1)
    throw new RecordingError(null, undefined, `one number a row in ${name}`, `the shape (${shape.join(', ')})`);
  return { width, values };
}
