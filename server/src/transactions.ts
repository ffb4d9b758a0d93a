import type { EntityManager } from 'typeorm';
import { NotFoundError } from './errors.js';

/** What a session may be silent for inside a transaction that computes between its statements. */
const longestComputation = '15min';

/** Inside a transaction that computes for long between two statements: until its end it may be silent for longer. */
export async function computesLong(query: (sql: string) => Promise<unknown>): Promise<void> {
  await query(`SET LOCAL idle_in_transaction_session_timeout = '${longestComputation}'`);
}

/** A row that something new is about to refer to. */
export interface HeldRow {
  table: 'dataset' | 'label_set' | 'model' | 'training_run';
  row: number;
  /** For the message, where somebody deleted it meanwhile: `Data set`, `dataset_1`. */
  what: string;
  id: string;
}

/**
 * From here to the end of the transaction nobody deletes these rows; whoever is about to waits, and then finds what was
 * made. Data sets before label sets, those before models and runs, as deletions lock them.
 * @throws NotFoundError for the first that is gone.
 */
export async function holdRows(manager: EntityManager, held: readonly (HeldRow | null)[]): Promise<void> {
  for (const one of held) {
    if (one === null) continue;
    const found: unknown[] = await manager.query(`SELECT 1 FROM "${one.table}" WHERE "row" = $1 FOR KEY SHARE`, [
      one.row,
    ]);
    if (found.length === 0) throw new NotFoundError(one.what, one.id);
  }
}
