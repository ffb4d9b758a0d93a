import type { DataSource } from 'typeorm';
import { NotFoundError } from '../../errors.js';
import { globalId } from '../../graphql/global-id.js';
import { newestEpoch } from '../record/read-aggregates.js';
import { requireRun } from '../samples/sample-analyses.js';
import type { Split } from '../../split.js';
import type { AnalysisColumn } from './column.js';
import { ColumnReading, type ColumnQuestion } from './read-columns.js';
import { RunSource } from './run-source.js';

/** Opens whole columns of a run after an epoch. */
export class ColumnService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Null before the first epoch. @throws NotFoundError without such a run, InvalidInputError for a question that has no
   * answer.
   */
  async open(runRow: number, question: ColumnQuestion): Promise<ColumnReading | null> {
    const run = await requireRun(this.dataSource.manager, runRow);
    return ColumnReading.open(this.dataSource.manager, run, question);
  }

  /** Every epoch of a run, oldest first. @throws NotFoundError without such a run. */
  async openRun(runRow: number, columns: readonly AnalysisColumn[], split: Split | null): Promise<RunSource> {
    const run = await requireRun(this.dataSource.manager, runRow);
    return RunSource.open(this.dataSource, run, columns, split);
  }

  /** Changes with whatever a recorded run is said to have said; null for a run that was trained here. */
  async recordedContent(runRow: number): Promise<string | null> {
    const [found]: { content: string | null }[] = await this.dataSource.query(
      `SELECT CASE WHEN r.kind::text = 'RECORDED' THEN coalesce((SELECT md5(string_agg(content_sha256, ',' ORDER BY epoch, split)) FROM recorded_part WHERE run_row = r."row"), '') END AS content
         FROM training_run r WHERE r."row" = $1`,
      [runRow],
    );
    return found?.content ?? null;
  }

  /** Number of the reduction of an epoch's features; null where there is none. */
  async embeddingOf(runRow: number, epoch: number): Promise<number | null> {
    const [found]: { row: number }[] = await this.dataSource.query(
      `SELECT "row" FROM embedding WHERE run_row = $1 AND epoch = $2 AND state = 'COMPLETED'`,
      [runRow, epoch],
    );
    return found?.row ?? null;
  }

  /** Null before the first one. */
  newestEpoch(runRow: number): Promise<number | null> {
    return newestEpoch(this.dataSource.manager, runRow);
  }

  /**
   * Never used again by another epoch, also not by the same number trained anew. @throws NotFoundError without such an
   * epoch.
   */
  async epochRow(runRow: number, epoch: number): Promise<number> {
    const [found]: { row: number }[] = await this.dataSource.query(
      'SELECT "row" FROM epoch WHERE run_row = $1 AND number = $2',
      [runRow, epoch],
    );
    if (!found) throw new NotFoundError('Epoch', `${globalId('run', runRow)}, epoch ${epoch}`);
    return found.row;
  }
}
