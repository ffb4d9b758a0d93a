import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';

/**
 * Hashes of everything a run leaves that must not depend on how often it was interrupted; times and rates are left out.
 */
export interface RunFingerprint {
  epochs: number;
  losses: string;
  classDistributions: string;
  steps: string;
  outputs: string;
  metrics: string;
  /** SHA-256 of the LAST and BEST checkpoints: weights, optimiser, class distributions. */
  checkpoints: string[];
}

export async function runFingerprint(dataSource: DataSource, runRow: number): Promise<RunFingerprint> {
  const hash = async (statement: string): Promise<string> => {
    const rows: unknown = await dataSource.query(statement, [runRow]);
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);
  };
  const [{ count }] = await dataSource.query('SELECT count(*)::int AS count FROM epoch WHERE run_row = $1', [runRow]);
  const checkpoints: { sha256: string }[] = await dataSource.query(
    'SELECT c.sha256 FROM checkpoint c JOIN training_run r ON r.model_row = c.model_row WHERE r."row" = $1 ORDER BY c.kind',
    [runRow],
  );
  return {
    epochs: count,
    losses: await hash('SELECT number, learning_rate, ramps, losses FROM epoch WHERE run_row = $1 ORDER BY number'),
    classDistributions: await hash(
      'SELECT class_distributions, fallback_rows, attention_ranges FROM epoch WHERE run_row = $1 ORDER BY number',
    ),
    steps: await hash(
      `SELECT epoch, steps, stride, encode(sha256(data), 'hex') AS data FROM epoch_steps WHERE run_row = $1 ORDER BY epoch`,
    ),
    outputs: await hash(
      `SELECT epoch, split, chunk, encode(sha256(data), 'hex') AS data FROM epoch_column_chunk WHERE run_row = $1 ORDER BY epoch, split, chunk`,
    ),
    metrics: await hash(
      `SELECT to_jsonb(m) - 'run_row' AS metrics FROM split_metrics m WHERE run_row = $1 ORDER BY epoch, split`,
    ),
    checkpoints: checkpoints.map(({ sha256 }) => sha256.slice(0, 16)),
  };
}
