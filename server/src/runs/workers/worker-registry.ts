import os from 'node:os';
import type { DataSource } from 'typeorm';
import { leaseSeconds } from '../queue/run-lease.js';
import { Worker, WorkerState, type PassedOverBackend } from './worker.entity.js';

/** Workers that ended are listed for this long. */
const rememberedHours = 24;

export interface WorkerAnnouncement {
  backend: string;
  device: string;
  threads: number;
  passedOver: readonly PassedOverBackend[];
  codeVersion: string;
}

/** Enters this process into the table of workers; returns its row. */
export async function announceWorker(
  dataSource: DataSource,
  { backend, device, threads, passedOver, codeVersion }: WorkerAnnouncement,
): Promise<number> {
  const repository = dataSource.getRepository(Worker);
  const limit = process.constrainedMemory();
  const memoryBytes = limit > 0 && limit < os.totalmem() ? limit : os.totalmem();
  await dataSource.query(`DELETE FROM worker WHERE last_seen < now() - make_interval(hours => $1)`, [rememberedHours]);
  const worker = repository.create({
    host: os.hostname(),
    pid: process.pid,
    backend,
    device,
    threads,
    memoryBytes,
    passedOver: [...passedOver],
    codeVersion,
  });
  return (await repository.save(worker)).row;
}

export async function workerStopped(dataSource: DataSource, row: number): Promise<void> {
  await dataSource.query('UPDATE worker SET stopped_at = now(), last_seen = now() WHERE "row" = $1', [row]);
}

/** A worker as it is now, by the clock of the database. */
export interface WorkerNow {
  worker: Worker;
  state: WorkerState;
  /** Row of the run it has. */
  runRow: number | null;
}

/** Newest first; `ended` includes the lost and the stopped of the last day. */
export async function listWorkers(dataSource: DataSource, ended: boolean): Promise<WorkerNow[]> {
  const { entities, raw } = await dataSource
    .getRepository(Worker)
    .createQueryBuilder('worker')
    .addSelect('now() - worker.lastSeen > make_interval(secs => :leaseSeconds)', 'silent')
    .addSelect(
      `(SELECT r."row" FROM training_run r WHERE r.worker_row = worker."row" AND r.state = 'RUNNING' LIMIT 1)`,
      'run_row',
    )
    .where(
      ended ? 'TRUE' : 'worker.stoppedAt IS NULL AND now() - worker.lastSeen <= make_interval(secs => :leaseSeconds)',
    )
    .setParameters({ leaseSeconds })
    .orderBy('worker.row', 'DESC')
    .getRawAndEntities<{ silent: boolean; run_row: number | null }>();
  return entities.map((worker, place) => ({
    worker,
    runRow: raw[place].run_row,
    state: stateOf(worker, raw[place]),
  }));
}

function stateOf(worker: Worker, { silent, run_row }: { silent: boolean; run_row: number | null }): WorkerState {
  if (worker.stoppedAt) return WorkerState.STOPPED;
  if (silent) return WorkerState.LOST;
  return run_row === null ? WorkerState.IDLE : WorkerState.TRAINING;
}
