import { InvalidInputError } from '../../errors.js';
import { readCsv, type TablesByEpoch } from './bodies/csv-body.js';
import { pickleAdvice, readBody } from './bodies/read-body.js';
import { RecordingError } from './recording-error.js';
import type { RecordedTable } from './recorded-table.js';

export interface ForeignPart {
  epoch: number;
  table: RecordedTable;
}

const pickles = /\.(pkl|pickle|pt|pth|joblib)$/i;

/**
 * A file as another tool wrote it: cartography's `dynamics_epoch_E.jsonl`, AUM's `full_aum_records.csv`, probabilities
 * as CSV, Parquet or .npz.
 * @param asked the epoch of a file that does not say it. @throws RecordingError, InvalidInputError
 */
export async function readForeign(
  name: string,
  body: AsyncIterable<Uint8Array>,
  { classes, epoch: asked }: { classes: readonly string[]; epoch: number | null },
): Promise<ForeignPart[]> {
  if (pickles.test(name)) throw new RecordingError(null, undefined, 'JSON lines, CSV, Parquet or .npz', pickleAdvice);
  const named = asked ?? epochNamed(name);
  if (/\.csv$/i.test(name)) {
    const tables: TablesByEpoch = await readCsv(body, classes, /logit/i.test(name) ? 'logits' : 'target');
    return [...tables].map(([epoch, table]) => ({ epoch: epoch ?? checked(named ?? 1), table }));
  }
  const { table } = await readBody(body);
  // cartography counts from 0.
  const dynamics = table.epoch === undefined ? null : table.epoch + 1;
  return [{ epoch: asked ?? dynamics ?? checked(named ?? 1), table }];
}

function epochNamed(name: string): number | null {
  const found = /epoch[_-]?0*(\d+)/i.exec(name);
  return found ? Number(found[1]) : null;
}

function checked(epoch: number): number {
  if (epoch < 1)
    throw new InvalidInputError('epoch', 'a number from 1 on: the name of the file says 0; give epoch=', epoch);
  return epoch;
}
