import { parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { messageOf, PlatformError } from '../../../errors.js';
import { RecordingError } from '../recording-error.js';
import { columnCalled, type RecordedTable } from '../recorded-table.js';
import { TableBuilder } from '../table-builder.js';

/** Of `full_aum_records.csv`, as far as they are read. */
const aumColumns = ['sample_id', 'num_measurements', 'margin', 'target_val', 'other_val'];

type CsvRow = Readonly<Record<string, string>>;

/** Tables by epoch; null: the file does not say which epoch it is of. */
export type TablesByEpoch = ReadonlyMap<number | null, RecordedTable>;

/**
 * One CSV of probabilities (a column for each class, by name, by number or as `target.fear`), or AUM's
 * `full_aum_records.csv`, which has a row for each sample and measurement.
 * @throws RecordingError
 */
export async function readCsv(
  body: AsyncIterable<Uint8Array>,
  classes: readonly string[],
  vector: 'target' | 'logits',
): Promise<TablesByEpoch> {
  const rows: CsvRow[] = [];
  try {
    const parser = Readable.from(body, { objectMode: false }).pipe(
      parse({ columns: true, bom: true, skip_empty_lines: true, trim: true, delimiter: [',', ';', '\t'] }),
    );
    for await (const row of parser) rows.push(row as CsvRow);
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new RecordingError(rows.length + 1, undefined, 'rows with as many fields as the header', messageOf(error));
  }
  if (rows.length === 0) throw new RecordingError(null, undefined, 'a header and rows', 'none');
  const names = Object.keys(rows[0]);
  if (names.includes('num_measurements') && names.includes('margin')) return aumTables(rows, names, classes.length);
  return new Map([[null, probabilities(rows, names, classes, vector)]]);
}

function probabilities(
  rows: readonly CsvRow[],
  names: readonly string[],
  classes: readonly string[],
  vector: 'target' | 'logits',
): RecordedTable {
  const columns = classColumns(names, classes);
  if (!columns)
    throw new RecordingError(
      null,
      undefined,
      `a key column and a column for each of ${classes.join(', ')} (by name, by number 0 to ${classes.length - 1}, or as target.${classes[0]}), or AUM's ${aumColumns.join(', ')}`,
      names.join(', '),
    );
  const keyed = names.find((name) => ['key', 'file', 'index'].includes(columnCalled(name) ?? '')) ?? null;
  const builder = new TableBuilder();
  rows.forEach((row, n) => {
    const key = keyed === null ? n : row[keyed];
    const values = columns.map((name) => numberOf(row[name], n + 1, key, name));
    builder.add({ [keyed === null ? 'index' : (columnCalled(keyed) as string)]: key, [vector]: values });
  });
  return { ...builder.table(), ...(keyed === null && { keyKind: 'place' as const }), classes };
}

/** Names of the columns of the classes, in the order of the classes; null where they are not all there. */
function classColumns(names: readonly string[], classes: readonly string[]): string[] | null {
  const wanted = (form: (name: string, place: number) => RegExp): string[] | null => {
    const found = classes.map((name, place) => names.find((column) => form(name, place).test(column)));
    return found.every((column) => column !== undefined) ? (found as string[]) : null;
  };
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return (
    wanted((name) => new RegExp(`^(.*[._ ])?${literal(name)}$`, 'i')) ??
    wanted((_, place) => new RegExp(`^([a-z][a-z_]*[._])?${place}$`, 'i'))
  );
}

function numberOf(text: string, row: number, key: string | number, name: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value))
    throw new RecordingError(row, key, `a number in ${name}`, JSON.stringify(text));
  return value;
}

/**
 * asappresearch/aum writes margins alone. Its fields of the classes are swapped in some versions: the one of each pair
 * that holds whole numbers is the class.
 */
function aumTables(rows: readonly CsvRow[], names: readonly string[], classes: number): TablesByEpoch {
  const target = classField(rows, names, ['target_val', 'target_logit'], classes);
  const other = classField(rows, names, ['other_val', 'other_logit'], classes);
  const builders = new Map<number, TableBuilder>();
  rows.forEach((row, n) => {
    const key = row['sample_id'] ?? '';
    const epoch = numberOf(row['num_measurements'], n + 1, key, 'num_measurements');
    const margin = numberOf(row['margin'], n + 1, key, 'margin');
    let builder = builders.get(epoch);
    if (!builder) builders.set(epoch, (builder = new TableBuilder()));
    builder.add({ key, margin, prediction: Number(row[margin > 0 ? target : other]) });
  });
  return new Map([...builders].sort(([a], [b]) => a - b).map(([epoch, builder]) => [epoch, builder.table()]));
}

function classField(
  rows: readonly CsvRow[],
  names: readonly string[],
  pair: readonly string[],
  classes: number,
): string {
  const found = pair.find(
    (name) => names.includes(name) && rows.every((row) => /^\d+(\.0)?$/.test(row[name]) && Number(row[name]) < classes),
  );
  if (!found)
    throw new RecordingError(
      null,
      undefined,
      `class numbers below ${classes} in ${pair.join(' or ')}`,
      'other numbers',
    );
  return found;
}
