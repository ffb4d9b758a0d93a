import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { announce } from '../events/training-events.js';
import { addRunLog } from '../run-log.js';
import { RunState } from '../training-run.entity.js';

/**
 * A worker that was not heard of for this long has lost its run. Long enough that a busy machine does not cost a worker
 * its run.
 */
export const leaseSeconds = 5;
/** After this beyond the end of a lease, whoever keeps the run's row locked and says nothing is cut off. */
const lockedSeconds = 4;
/** How long the blocking session is looked for. */
const lookMilliseconds = 300;
/** How often a worker says that it lives. */
export const beatMilliseconds = 1_000;
/**
 * Workers that a run may lose one after the other without an epoch in between: then the run itself is what kills them.
 */
const mostLosses = 5;

/**
 * A run as a worker has it. `lease` counts the takings of the run: whoever has an older number can record nothing any
 * more.
 */
export interface TakenRun {
  row: number;
  lease: number;
}

/** Takes a queued run for a worker, or says that there is nothing to take: cancelled, or gone. */
export async function takeRun(manager: EntityManager, row: number, workerRow: number | null): Promise<TakenRun | null> {
  const [taken] = await rowsOf<{ lease: number }>(
    manager,
    `UPDATE training_run SET state = 'RUNNING', lease = lease + 1, lease_until = now() + make_interval(secs => $3), worker_row = $2, started_at = coalesce(started_at, now()), finished_at = NULL, error = NULL
      WHERE "row" = $1 AND state = 'QUEUED' AND NOT cancel_requested RETURNING lease`,
    [row, workerRow, leaseSeconds],
  );
  if (!taken) return null;
  await announce(manager, { run: row, kind: 'state' });
  return { row, lease: taken.lease };
}

/**
 * Puts every run whose worker was lost back into the queue, by `enqueue` in the same transaction; ends it where
 * somebody asked to cancel it, and
 * where it has cost too many workers. Any process may call it, at the same time as others.
 */
export async function reclaimLostRuns(
  dataSource: DataSource,
  enqueue: (manager: EntityManager, run: number, wanted: string) => Promise<void>,
): Promise<number[]> {
  return dataSource.transaction(async (manager) => {
    const lost = await rowsOf<{
      row: number;
      wanted: string;
      losses: number;
      cancel_requested: boolean;
      worker: string | null;
    }>(
      manager,
      `UPDATE training_run r SET lease = r.lease + 1, lease_until = NULL, worker_row = NULL, progress = NULL, losses = r.losses + 1, state = 'QUEUED'
         FROM (SELECT x."row", w.host || ' process ' || w.pid AS worker FROM training_run x LEFT JOIN worker w ON w."row" = x.worker_row
                WHERE x.state = 'RUNNING' AND x.lease_until < now() FOR UPDATE OF x SKIP LOCKED) l
        WHERE r."row" = l."row" RETURNING r."row", r.wanted_worker AS wanted, r.losses, r.cancel_requested, l.worker`,
      [],
    );
    for (const run of lost) {
      const worker = `its worker${run.worker ? ` (${run.worker})` : ''} was lost`;
      if (run.cancel_requested) await end(manager, run.row, RunState.CANCELLED, null);
      else if (run.losses >= mostLosses) await end(manager, run.row, RunState.FAILED, tooManyLosses(run.losses));
      else await enqueue(manager, run.row, run.wanted);
      await addRunLog(
        manager,
        run.row,
        'WARN',
        run.losses >= mostLosses
          ? `${worker}, for the ${run.losses}th time in a row`
          : `${worker}; the run goes on from its last checkpoint`,
      );
      await announce(manager, { run: run.row, kind: 'state' });
    }
    return lost.map(({ row }) => row);
  });
}

/**
 * A worker that was stopped in the middle of a transaction keeps its run's row locked, and `reclaimLostRuns` passes it
 * over. Ends the database sessions that do so, and that wait for their client: what they had not committed is undone.
 * @returns the runs that were locked.
 */
export async function endSilentSessions(dataSource: DataSource): Promise<number[]> {
  const locked: { row: number }[] = await dataSource.query(
    `SELECT "row" FROM training_run WHERE state = 'RUNNING' AND lease_until < now() - make_interval(secs => $1)`,
    [lockedSeconds],
  );
  for (const { row } of locked) {
    await dataSource
      .transaction(async (manager) => {
        await manager.query(`SET LOCAL lock_timeout = '2s'`);
        const [{ pid }] = (await manager.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
        const free = manager.query('SELECT 1 FROM training_run WHERE "row" = $1 FOR UPDATE', [row]);
        const [, waited] = await Promise.allSettled([endBlockers(dataSource, pid), free]);
        if (waited.status === 'rejected') throw waited.reason;
      })
      .catch((error: unknown) => {
        if ((error as { code?: string }).code !== lockNotAvailable) throw error;
      });
  }
  return locked.map(({ row }) => row);
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const lockNotAvailable = '55P03';

async function endBlockers(dataSource: DataSource, waiting: number): Promise<void> {
  await sleep(lookMilliseconds);
  await dataSource.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid = ANY(pg_blocking_pids($1)) AND wait_event = 'ClientRead' AND state_change < now() - make_interval(secs => $2)`,
    [waiting, lockedSeconds],
  );
}

function tooManyLosses(losses: number): string {
  return `${losses} workers in a row ended in the middle of an epoch of this run. Most often the system ends them for want of memory: a smaller batchSize, imageSize or width needs less. The epochs recorded are kept; resumeTraining goes on from them.`;
}

async function end(manager: EntityManager, row: number, state: RunState, error: string | null): Promise<void> {
  await manager.query(
    `UPDATE training_run SET state = $2::run_state, error = $3, finished_at = now() WHERE "row" = $1`,
    [row, state, error],
  );
}

/** Rows of a statement that also writes: the driver wraps these. */
async function rowsOf<T>(manager: EntityManager, statement: string, parameters: unknown[]): Promise<T[]> {
  const [rows] = (await manager.query(statement, parameters)) as [T[], number];
  return rows;
}
