import { RecordingError } from './recording-error.js';
import type { CellValue, RecordedColumn, RecordedTable, TableColumn } from './recorded-table.js';

/** Rounding of float16 over a thousand classes stays below it. */
const sumTolerance = 1e-3;

/** Checked numbers of the N rows of a table; null where the upload has no such column. Vectors are `[N * C]` row-major. */
export interface CheckedRows {
  target: Float32Array | null;
  label: Float32Array | null;
  auxiliaryAttention: Float32Array | null;
  targetAttention: Float32Array | null;
  losses: Float32Array | null;
  predictions: Int16Array | null;
  margins: Float32Array | null;
  features: { width: number; values: Float32Array } | null;
}

/**
 * @param order place in the data set's classes of each class as the recorder has them.
 * @throws RecordingError that names the first row, its key and what was expected.
 */
export function checkTable(
  table: RecordedTable,
  classes: readonly string[],
  recordersClasses: readonly string[],
): CheckedRows {
  const order = orderOf(table.classes ?? recordersClasses, classes);
  const vector = (name: RecordedColumn, check: (values: Float64Array, row: number) => void): Float32Array | null =>
    vectors(table, name, order, recordersClasses, check);
  const refuse = refuseOf(table);
  const logits = vector('logits', (values) => softmax(values));
  const target = vector('target', (values, row) => checkDistribution(values, row, 'target', refuse));
  const label = vector('label', (values, row) => checkDistribution(values, row, 'label', refuse));
  const predictions = predictionsOf(table, classes, order, refuse);
  if (!logits && !target && !predictions)
    throw new RecordingError(
      null,
      undefined,
      'logits, target or prediction',
      [...table.columns.keys()].join(', ') || 'keys alone',
    );
  const scalar = (name: RecordedColumn): Float32Array | null => {
    const column = table.columns.get(name);
    return column ? new Float32Array(column.values) : null;
  };
  return {
    target: target ?? logits,
    label,
    auxiliaryAttention: checkAttention('auxiliaryAttention', scalar('auxiliaryAttention'), refuse),
    targetAttention: checkAttention('targetAttention', scalar('targetAttention'), refuse),
    losses: checkFinite('loss', scalar('loss'), refuse),
    predictions: target || logits ? null : predictions,
    margins: target || logits ? null : checkFinite('margin', scalar('margin'), refuse),
    features: featuresOf(table, refuse),
  };
}

type Refuse = (row: number, expected: string, found: string) => never;

function refuseOf({ keys }: RecordedTable): Refuse {
  return (row, expected, found) => {
    const key: CellValue = keys[row];
    throw new RecordingError(row + 1, typeof key === 'bigint' ? Number(key) : key, expected, found);
  };
}

/** Place in `classes` of each of the recorder's. @throws RecordingError where the two are not the same names. */
function orderOf(recorders: readonly string[], classes: readonly string[]): number[] {
  const order = recorders.map((name) => classes.indexOf(name));
  if (order.length !== classes.length || order.includes(-1) || new Set(order).size !== order.length)
    throw new RecordingError(null, undefined, `the classes ${classes.join(', ')}, in any order`, recorders.join(', '));
  return order;
}

function vectors(
  table: RecordedTable,
  name: RecordedColumn,
  order: readonly number[],
  recorders: readonly string[],
  check: (values: Float64Array, row: number) => void,
): Float32Array | null {
  const column = table.columns.get(name);
  if (!column) return null;
  const refuse = refuseOf(table);
  const classes = order.length;
  if (column.width !== classes)
    refuse(0, `${classes} numbers in ${name}, for ${recorders.join(', ')}`, String(column.width));
  const checked = new Float32Array(table.rows * classes);
  const values = new Float64Array(classes);
  for (let row = 0; row < table.rows; row++) {
    for (let k = 0; k < classes; k++) {
      const value = column.values[row * classes + k];
      if (!Number.isFinite(value)) refuse(row, `finite numbers in ${name}`, `${value} for ${recorders[k]}`);
      values[order[k]] = value;
    }
    check(values, row);
    for (let k = 0; k < classes; k++) checked[row * classes + k] = values[k];
  }
  return checked;
}

/** In place. Of logits no more is kept: log p is the logits less a number that is the same for every class. */
function softmax(values: Float64Array): void {
  let highest = values[0];
  for (let k = 1; k < values.length; k++) if (values[k] > highest) highest = values[k];
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] = Math.exp(values[k] - highest);
  for (let k = 0; k < values.length; k++) values[k] /= sum;
}

function checkDistribution(values: Float64Array, row: number, name: string, refuse: Refuse): void {
  let sum = 0;
  for (const value of values) {
    if (value < 0 || value > 1 + sumTolerance)
      refuse(row, `probabilities from 0 to 1 in ${name}`, `${value}; are these logits?`);
    sum += value;
  }
  if (Math.abs(sum - 1) > sumTolerance)
    refuse(row, `numbers in ${name} that sum to 1`, `a sum of ${Number(sum.toPrecision(6))}`);
}

function checkAttention(name: string, values: Float32Array | null, refuse: Refuse): Float32Array | null {
  values?.forEach((value, row) => {
    if (!(value >= 0 && value <= 1)) refuse(row, `${name} from 0 to 1`, String(value));
  });
  return values;
}

function checkFinite(name: string, values: Float32Array | null, refuse: Refuse): Float32Array | null {
  values?.forEach((value, row) => {
    if (!Number.isFinite(value)) refuse(row, `a finite ${name}`, String(value));
  });
  return values;
}

function featuresOf(table: RecordedTable, refuse: Refuse): CheckedRows['features'] {
  const column = table.columns.get('features');
  if (!column) return null;
  const values = new Float32Array(column.values);
  values.forEach((value, place) => {
    if (!Number.isFinite(value)) refuse(Math.floor(place / column.width), 'finite numbers in features', String(value));
  });
  return { width: column.width, values };
}

function predictionsOf(
  table: RecordedTable,
  classes: readonly string[],
  order: readonly number[],
  refuse: Refuse,
): Int16Array | null {
  const column: TableColumn | undefined = table.columns.get('prediction');
  if (!column) return null;
  const predictions = new Int16Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    const text = column.texts?.[row];
    const found = typeof text === 'string' ? classes.indexOf(text) : order[column.values[row]];
    if (found === undefined || found < 0)
      refuse(
        row,
        `a prediction that is one of ${classes.join(', ')} or a number from 0 to ${classes.length - 1}`,
        String(text ?? column.values[row]),
      );
    predictions[row] = found!;
  }
  return predictions;
}
