import type { DataSource, EntityManager } from 'typeorm';
import { Checkpoint, CheckpointKind } from '../models/checkpoint.entity.js';
import type { CheckpointContent, CheckpointFiles, WrittenFile } from '../models/checkpoints/checkpoint-files.js';
import { computesLong } from '../transactions.js';
import { writeColumns } from '../runs/recorded/columns.js';
import { isDatabaseOutage, throughOutages } from '../database-outage.js';
import { writeSteps } from '../runs/recorded/step-losses.js';
import { writeFeatures } from '../runs/recorded/features.js';
import type { EpochResult } from '../runs/recorded/epoch-result.js';
import { Epoch } from '../runs/recorded/epoch.entity.js';
import { epochRow } from '../runs/recorded/epoch-row.js';
import type { RunLogLine } from '../runs/run-log.entity.js';
import { addRunLog } from '../runs/run-log.js';
import { RunStopped } from './run-stopped.js';
import type { RaisedFinding } from '../runs/events/raised-finding.js';
import { announce } from '../runs/events/training-events.js';
import { RunState, TrainingRun, type PackageVersion, type TrainingProgress } from '../runs/training-run.entity.js';
import { toColumns } from '../to-columns.js';

/**
 * Numbers derived from an epoch, written in the transaction that records it. Given by the analysis room at composition.
 * @returns signs that training goes wrong which showed with this epoch.
 */
export type AnalyseEpoch = (
  manager: EntityManager,
  run: TrainingRun,
  result: EpochResult,
) => Promise<readonly RaisedFinding[]>;

/** Where and with what a run trains. */
export interface Provenance {
  backend: string;
  device: string;
  codeVersion?: string | null;
  packages?: PackageVersion[];
}

/** Progress is written at most this often. */
const progressIntervalMilliseconds = 500;
/** How long an epoch waits to be recorded while the database is away. Its run may go to another worker before that. */
const outagePatienceMilliseconds = 10 * 60_000;

/**
 * Everything a worker writes about a run. Every write is fenced: it asks for the lease that `run` was taken with, and
 * throws RunStopped('lost')
 * where somebody has taken the run since.
 */
export class TrainingRecorder {
  private lastProgress = 0;
  private lastPhase: string | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly files: CheckpointFiles,
    private readonly analyse: AnalyseEpoch,
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  async started(run: TrainingRun, provenance: Provenance): Promise<void> {
    await this.update(run, {
      state: RunState.RUNNING,
      startedAt: run.startedAt ?? new Date(),
      error: null,
      ...provenance,
    });
  }

  async ended(run: TrainingRun, state: RunState, error: string | null): Promise<void> {
    await this.update(run, { state, error, finishedAt: new Date(), progress: null, leaseUntil: null });
  }

  /** A worker that has to stop gives the run back, by `enqueue` in the same transaction. */
  async returned(run: TrainingRun, enqueue: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.update(run, { state: RunState.QUEUED, progress: null, leaseUntil: null, workerRow: null }, enqueue);
  }

  private async update(
    run: TrainingRun,
    change: Partial<TrainingRun>,
    also: (manager: EntityManager) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const write = (): Promise<void> =>
      this.dataSource.transaction(async (manager) => {
        await fence(manager, run, true);
        await manager.getRepository(TrainingRun).update({ row: run.row }, toColumns<TrainingRun>(change));
        await also(manager);
        await announce(manager, { run: run.row, kind: 'state' });
      });
    await throughOutages(write, outagePatienceMilliseconds, this.log);
    Object.assign(run, change);
  }

  /** Dropped when the one before is too recent and of the same phase; and while the database is away. */
  async progress(run: TrainingRun, progress: TrainingProgress): Promise<void> {
    const now = performance.now();
    if (progress.phase === this.lastPhase && now - this.lastProgress < progressIntervalMilliseconds) return;
    this.lastProgress = now;
    this.lastPhase = progress.phase;
    try {
      const { affected } = await this.dataSource
        .getRepository(TrainingRun)
        .update({ row: run.row, lease: run.lease }, toColumns<TrainingRun>({ progress }));
      if (affected === 0) throw new RunStopped('lost');
      await announce(this.dataSource, { run: run.row, kind: 'progress' });
    } catch (error) {
      if (!isDatabaseOutage(error)) throw error;
    }
  }

  /** A line in the run's log; lost where the database is away. */
  async note(run: TrainingRun, level: `${RunLogLine['level']}`, text: string): Promise<void> {
    this.log(`${run.id} ${text}`);
    try {
      await addRunLog(this.dataSource, run.row, level, text);
    } catch (error) {
      if (!isDatabaseOutage(error)) throw error;
    }
  }

  /** An epoch is recorded whole, with its checkpoints, or not at all. */
  async epoch(
    run: TrainingRun,
    result: EpochResult,
    checkpoints: ReadonlyMap<CheckpointKind, CheckpointContent>,
  ): Promise<void> {
    const written = new Map<CheckpointKind, WrittenFile>();
    try {
      for (const [kind, content] of checkpoints)
        written.set(kind, await this.files.write(run.modelRow, kind, result.number, content, run.lease));
      const write = (): Promise<string[]> =>
        this.dataSource.transaction((manager) => this.writeEpoch(manager, run, result, written));
      const replaced = await throughOutages(write, outagePatienceMilliseconds, this.log);
      await Promise.all(replaced.map((file) => this.files.remove(file))).catch(() => undefined);
    } finally {
      // Where it went wrong, these. What cannot be removed now is removed when the run is next opened.
      await this.files.removeStrays(this.dataSource.manager, run.modelRow, run.lease).catch(() => undefined);
    }
  }

  /** @returns paths of checkpoints that others took the place of. */
  private async writeEpoch(
    manager: EntityManager,
    run: TrainingRun,
    result: EpochResult,
    written: ReadonlyMap<CheckpointKind, WrittenFile>,
  ): Promise<string[]> {
    await computesLong((sql) => manager.query(sql));
    await fence(manager, run, false);
    // Already there: an outage hid that the transaction before this one was committed. Nobody else can have written it,
    // for the lease is ours.
    if (await manager.getRepository(Epoch).existsBy({ runRow: run.row, number: result.number })) return [];
    await manager.getRepository(Epoch).insert(toColumns<Epoch>(epochRow(run, result)));
    await writeColumns(manager, run.row, result);
    if (result.steps) await writeSteps(manager, run.row, result.number, result.steps);
    const best = written.has(CheckpointKind.BEST) ? result.number : await bestEpoch(manager, run.modelRow);
    await writeFeatures(manager, run.row, result, best);
    const found = await this.analyse(manager, run, result);
    const replaced: string[] = [];
    for (const [kind, file] of written) {
      const before = await this.files.register(manager, run.modelRow, kind, result.number, file);
      if (before !== null) replaced.push(before);
    }
    await manager.query('UPDATE training_run SET losses = 0 WHERE "row" = $1', [run.row]);
    if (run.workerRow)
      await manager.query('UPDATE worker SET images_per_second = $2 WHERE "row" = $1', [
        run.workerRow,
        result.imagesPerSecond,
      ]);
    await announce(manager, { run: run.row, kind: 'epoch' });
    for (const finding of found) {
      await announce(manager, { run: run.row, kind: 'finding', finding });
      await addRunLog(manager, run.row, 'WARN', `${finding.evidence} To try: ${finding.advice}`);
    }
    return replaced;
  }
}

async function bestEpoch(manager: EntityManager, modelRow: number | null): Promise<number | null> {
  const found = await manager
    .getRepository(Checkpoint)
    .findOneBy({ modelRow: modelRow ?? 0, kind: CheckpointKind.BEST });
  return found?.epoch ?? null;
}

/**
 * Nobody takes the run from here to the end of the transaction. A run that has ended keeps its lease, so that a change
 * whose answer was lost can be
 * made again.
 */
async function fence(manager: EntityManager, run: TrainingRun, ended: boolean): Promise<void> {
  const rows: unknown[] = await manager.query(
    `SELECT 1 FROM training_run WHERE "row" = $1 AND lease = $2 AND (state IN ('RUNNING', 'QUEUED') OR $3) FOR NO KEY UPDATE`,
    [run.row, run.lease, ended],
  );
  if (rows.length === 0) throw new RunStopped('lost');
}
