import { RecordingError } from './recording-error.js';
import {
  columnCalled,
  vectorColumns,
  type CellValue,
  type KeyColumn,
  type RecordedColumn,
  type RecordedTable,
  type TableColumn,
} from './recorded-table.js';

type Growing = { width: number; values: number[]; texts: (string | null)[] };

/** Gathers rows that come one at a time. Every row has to have the columns of the first. */
export class TableBuilder {
  private readonly columns = new Map<RecordedColumn, Growing>();
  private keyKind: KeyColumn | null = null;
  private epoch: number | null = null;
  private readonly keys: CellValue[] = [];

  /** @throws RecordingError for a row without a key, with other columns than the first, or with cells of another kind. */
  add(cells: Readonly<Record<string, unknown>>): void {
    const row = this.keys.length + 1;
    const named = namedCells(cells);
    this.epoch ??= epochOf(cells);
    const kind = (['key', 'file', 'index'] as const).find((name) => named.has(name));
    if (!kind)
      throw new RecordingError(
        row,
        undefined,
        'a key, file or index',
        `only ${Object.keys(cells).join(', ') || 'nothing'}`,
      );
    this.keyKind ??= kind;
    const key = named.get(this.keyKind) as CellValue;
    if (key === undefined || key === null)
      throw new RecordingError(row, undefined, `${this.keyKind} in every row, as in the first`, 'none');
    for (const [name, value] of named)
      if (name !== 'key' && name !== 'file' && name !== 'index') this.cell(name, value, row, key);
    for (const [name, { width, values }] of this.columns)
      if (values.length !== row * width)
        throw new RecordingError(row, key, `${name} in every row, as in the first`, 'none');
    this.keys.push(key);
  }

  /** @throws RecordingError without a row. */
  table(): RecordedTable {
    if (this.keyKind === null) throw new RecordingError(null, undefined, 'rows', 'none');
    const columns = new Map<RecordedColumn, TableColumn>();
    for (const [name, { texts, ...column }] of this.columns)
      columns.set(name, texts.length > 0 ? { ...column, texts } : column);
    const epoch = this.epoch === null ? {} : { epoch: this.epoch };
    return { rows: this.keys.length, keyKind: this.keyKind, keys: this.keys, columns, ...epoch };
  }

  private cell(name: RecordedColumn, value: unknown, row: number, key: CellValue): void {
    if (value === undefined || value === null) return;
    const numbers = vectorColumns.has(name) ? value : [value];
    if (!Array.isArray(numbers))
      throw new RecordingError(row, key, `${name} as an array of numbers`, JSON.stringify(value));
    let column = this.columns.get(name);
    if (!column) {
      if (row > 1) throw new RecordingError(row, key, `the columns of the first row, which has no ${name}`, name);
      this.columns.set(name, (column = { width: numbers.length, values: [], texts: [] }));
    }
    if (numbers.length !== column.width)
      throw new RecordingError(
        row,
        key,
        `${column.width} numbers in ${name}, as in the first row`,
        String(numbers.length),
      );
    for (const number of numbers as unknown[]) {
      if (name === 'prediction' && typeof number === 'string') {
        column.texts.push(number);
        column.values.push(Number.NaN);
      } else if (typeof number === 'number') column.values.push(number);
      else throw new RecordingError(row, key, `numbers in ${name}`, JSON.stringify(number) ?? String(number));
    }
  }
}

/** `logits_epoch_3` of cartography is `logits`; what nothing is known of is left out. */
function namedCells(cells: Readonly<Record<string, unknown>>): Map<RecordedColumn | KeyColumn, unknown> {
  const named = new Map<RecordedColumn | KeyColumn, unknown>();
  for (const [name, value] of Object.entries(cells)) {
    const column = columnCalled(name.replace(/_epoch_\d+$/, ''));
    if (column && !named.has(column)) named.set(column, value);
  }
  return named;
}

function epochOf(cells: Readonly<Record<string, unknown>>): number | null {
  for (const name of Object.keys(cells)) {
    const found = /_epoch_(\d+)$/.exec(name);
    if (found) return Number(found[1]);
  }
  return null;
}
