import type { DataSource, EntityManager } from 'typeorm';
import { apart } from '../../work-under-way.js';
import type { Split } from '../../split.js';
import { computesLong } from '../../transactions.js';
import { announce } from '../events/training-events.js';
import { TrainingRun } from '../training-run.entity.js';

/** Writes the rows of every sample of a split again, each after its newest epoch. Given by the analysis room. */
export type WriteRows = (manager: EntityManager, run: TrainingRun, split: Split) => Promise<void>;

export interface LateRowsSettings {
  /** Rows of so many samples are written at once, however fast parts come. */
  fewSamples: number;
  /** Parts of a split that come within this time come faster than their rows are worth writing. */
  soonMs: number;
  /** After so long without a part rows are written. */
  pauseMs: number;
  /** And after so long in any case. */
  longestMs: number;
}

const settings: LateRowsSettings = { fewSamples: 2000, soonMs: 10_000, pauseMs: 2000, longestMs: 30_000 };

interface Waiting {
  since: number;
  timer: NodeJS.Timeout;
}

/**
 * Rows of samples cost ten times what the rest of a part does, and only the newest epoch's stay. Where parts follow
 * each other quickly their rows wait: until the upload pauses, ends, or has gone on for half a minute. `in_rows` of
 * `recorded_part` says which wait, also to a server that starts after one that was killed.
 */
export class LateRows {
  private readonly last = new Map<string, number>();
  private readonly waiting = new Map<number, Waiting>();
  private readonly writing = new Map<number, Promise<void>>();
  private closed = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly write: WriteRows,
    private readonly log: (line: string) => void,
    private readonly limits = settings,
  ) {}

  /** Whether the rows of a part that has come now are to wait. */
  areLate(runRow: number, split: Split, samples: number): boolean {
    const before = this.last.get(`${runRow} ${split}`);
    return samples > this.limits.fewSamples && before !== undefined && Date.now() - before < this.limits.soonMs;
  }

  /** A part was kept. */
  kept(runRow: number, split: Split, late: boolean): void {
    const now = Date.now();
    this.last.set(`${runRow} ${split}`, now);
    if (late) this.wait(runRow, now);
  }

  /** Writes what waits, in the caller's transaction, which holds the run's row. @returns whether anything did. */
  async writeIn(manager: EntityManager, run: TrainingRun): Promise<boolean> {
    const behind: { split: Split }[] = await manager.query(
      'SELECT DISTINCT split FROM recorded_part WHERE run_row = $1 AND NOT in_rows',
      [run.row],
    );
    for (const { split } of behind) await this.write(manager, run, split);
    return behind.length > 0;
  }

  /** Resolves when nothing of the run waits. */
  settle(runRow: number): Promise<void> {
    clearTimeout(this.waiting.get(runRow)?.timer);
    this.waiting.delete(runRow);
    const under = this.writing.get(runRow) ?? Promise.resolve();
    // Whoever began the upload may leave: the rows are the run's.
    const next = under.catch(() => undefined).then(() => apart(() => this.writeAll(runRow)));
    this.writing.set(runRow, next);
    const done = (): void => void (this.writing.get(runRow) === next && this.writing.delete(runRow));
    next.then(done, done);
    return next;
  }

  /** What a server that was stopped left. */
  async resume(): Promise<void> {
    const left: { run_row: number }[] = await this.dataSource.query(
      'SELECT DISTINCT run_row FROM recorded_part WHERE NOT in_rows',
    );
    for (const { run_row: row } of left) this.wait(row, Date.now());
  }

  /** What waits stays for the next server. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    await Promise.allSettled(this.writing.values());
  }

  private wait(runRow: number, now: number): void {
    if (this.closed) return;
    const held = this.waiting.get(runRow);
    clearTimeout(held?.timer);
    const since = held?.since ?? now;
    const pause = Math.max(0, Math.min(this.limits.pauseMs, since + this.limits.longestMs - now));
    const timer = setTimeout(() => {
      this.settle(runRow).catch((error: Error) =>
        this.log(`rows of run_${runRow} could not be written: ${error.message}`),
      );
    }, pause).unref();
    this.waiting.set(runRow, { since, timer });
  }

  private writeAll(runRow: number): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await computesLong((sql) => manager.query(sql));
      await manager.query('SELECT 1 FROM training_run WHERE "row" = $1 FOR NO KEY UPDATE', [runRow]);
      const repository = manager.getRepository(TrainingRun);
      const run = await repository.findOne({ where: { row: runRow }, relations: { dataset: true } });
      // Deleted meanwhile.
      if (run && (await this.writeIn(manager, run))) await announce(manager, { run: runRow, kind: 'epoch' });
    });
  }
}
