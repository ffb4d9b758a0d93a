import type { DataSource, EntityManager } from 'typeorm';
import type { RunLogLine } from './run-log.entity.js';

/** Longer ones are cut: a log is read by people. */
const longestLine = 4_000;

export async function addRunLog(
  executor: EntityManager | DataSource,
  runRow: number,
  level: `${RunLogLine['level']}`,
  text: string,
): Promise<void> {
  await executor.query('INSERT INTO run_log (run_row, level, text) VALUES ($1, $2, $3)', [
    runRow,
    level,
    text.replaceAll('\u0000', '').slice(0, longestLine),
  ]);
}
