import type { DataSource, EntityManager } from 'typeorm';
import type { CheckpointKind } from '../models/checkpoint.entity.js';
import type { CheckpointContent, CheckpointFiles, WrittenFile } from '../models/checkpoints/checkpoint-files.js';
import { writeColumns } from './columns.js';
import type { EpochResult, SplitOutputs } from './epoch-result.js';
import { Epoch } from './epoch.entity.js';
import { announce } from './training-events.js';
import { RunState, TrainingRun, type TrainingProgress } from './training-run.entity.js';

/** Numbers derived from an epoch, written in the transaction that records it. Given by the analysis room at composition. */
export type AnalyseEpoch = (manager: EntityManager, run: TrainingRun, result: EpochResult) => Promise<void>;

/** Progress is written at most this often. */
const progressIntervalMilliseconds = 500;

/** Everything a worker writes about a run. */
export class TrainingRecorder {
  private lastProgress = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly files: CheckpointFiles,
    private readonly analyse: AnalyseEpoch,
  ) {}

  async started(run: TrainingRun, backend: string, device: string): Promise<void> {
    await this.update(run, { state: RunState.RUNNING, startedAt: run.startedAt ?? new Date(), backend, device, error: null });
  }

  async ended(run: TrainingRun, state: RunState, error: string | null): Promise<void> {
    await this.update(run, { state, error, finishedAt: new Date(), progress: null });
  }

  /** A worker that has to stop gives the run back. */
  async returned(run: TrainingRun): Promise<void> {
    await this.update(run, { state: RunState.QUEUED, progress: null });
  }

  private async update(run: TrainingRun, change: Partial<TrainingRun>): Promise<void> {
    Object.assign(run, change);
    await this.dataSource.transaction(async (manager) => {
      await manager.getRepository(TrainingRun).update({ row: run.row }, change as never);
      await announce(manager, { run: run.row, kind: 'state' });
    });
  }

  /** Dropped when the one before is too recent, unless `always`. */
  async progress(run: TrainingRun, progress: TrainingProgress, always = false): Promise<void> {
    const now = performance.now();
    if (!always && now - this.lastProgress < progressIntervalMilliseconds) return;
    this.lastProgress = now;
    await this.dataSource.getRepository(TrainingRun).update({ row: run.row }, { progress } as never);
    await announce(this.dataSource, { run: run.row, kind: 'progress' });
  }

  /** An epoch is recorded whole, with its checkpoints, or not at all. */
  async epoch(run: TrainingRun, result: EpochResult, checkpoints: ReadonlyMap<CheckpointKind, CheckpointContent>): Promise<void> {
    const written = new Map<CheckpointKind, WrittenFile>();
    for (const [kind, content] of checkpoints) written.set(kind, await this.files.write(run.modelRow, kind, result.number, content));
    const replaced: string[] = [];
    await this.dataSource.transaction(async (manager) => {
      await manager.getRepository(Epoch).insert(epochRow(run, result) as never);
      await writeColumns(manager, run.row, result);
      await this.analyse(manager, run, result);
      for (const [kind, file] of written) {
        const before = await this.files.register(manager, run.modelRow, kind, result.number, file);
        if (before) replaced.push(before);
      }
      await announce(manager, { run: run.row, kind: 'epoch' });
    });
    await Promise.all(replaced.map((file) => this.files.remove(file)));
  }
}

export function epochRow(run: TrainingRun, result: EpochResult): Partial<Epoch> {
  return {
    runRow: run.row,
    number: result.number,
    learningRate: result.learningRate,
    ramps: result.ramps,
    losses: result.losses,
    imagesPerSecond: result.imagesPerSecond,
    durationSeconds: result.durationSeconds,
    classDistributions: Array.from(result.classDistributions),
    fallbackRows: result.fallbackRows,
    classCounts: result.classCounts,
    attentionRanges: Object.fromEntries(result.outputs.map((outputs) => [outputs.split, attentionRange(outputs)])),
  };
}

/** Lowest and highest w = (a1 + a2) / 2 over a split. */
function attentionRange({ auxiliaryAttention, targetAttention }: SplitOutputs): [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let sample = 0; sample < auxiliaryAttention.length; sample++) {
    const w = (auxiliaryAttention[sample]! + targetAttention[sample]!) / 2;
    lowest = Math.min(lowest, w);
    highest = Math.max(highest, w);
  }
  return [lowest, highest];
}
