import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import pg from 'pg';
import { endSilentSessions, reclaimLostRuns } from '../../../../server/src/runs/queue/run-lease.js';
import { TrainingQueue } from '../../../../server/src/runs/queue/training-queue.js';
import { RunState, TrainingRun } from '../../../../server/src/runs/training-run.entity.js';
import { wantedWorker, WorkerKind, wishesMetBy } from '../../../../server/src/runs/workers/worker-kind.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { seedDataset, seedRun, type SeededDataset } from '../../../support/seed-run.js';

let database: TestDatabase;
let seeded: SeededDataset;
const queues: TrainingQueue[] = [];

beforeAll(async () => {
  database = await testDatabase();
  seeded = await seedDataset(database.dataSource);
  for (let each = 0; each < 2; each++) queues.push(await TrainingQueue.start(database.url, () => undefined));
});
afterAll(async () => {
  await Promise.all(queues.map((each) => each.stop()));
  await database?.drop();
});
beforeEach(async () => {
  while (await take(0, wishesMetBy('webgpu')));
});

const any = wishesMetBy('native-cpu');
const take = (queue: number, wishes = any) => queues[queue]!.take(database.dataSource, wishes, null);
const reload = (row: number): Promise<TrainingRun> =>
  database.dataSource.getRepository(TrainingRun).findOneByOrFail({ row });

async function queued(wanted = 'ANY'): Promise<number> {
  const { run } = await seedRun(database.dataSource, seeded, { epochs: 0 });
  await database.dataSource.transaction((manager) => queues[0]!.enqueue(manager, run.row, wanted));
  return run.row;
}

describe('the queue of runs', () => {
  test('two workers share it, oldest first, and no run is taken twice', async () => {
    const rows = [await queued(), await queued(), await queued(), await queued(), await queued()];
    const taken = (await Promise.all(Array.from({ length: 8 }, (_, place) => take(place % 2)))).filter(
      (run) => run !== null,
    );
    expect(taken.map(({ row }) => row).sort((a, b) => a - b)).toEqual(rows);
    expect(await take(0)).toBeNull();
    expect(await reload(rows[0]!)).toMatchObject({ state: RunState.RUNNING, lease: 1 });
  });

  test('what was rolled back is never taken', async () => {
    const { run } = await seedRun(database.dataSource, seeded, { epochs: 0 });
    const rolledBack = database.dataSource.transaction(async (manager) => {
      await queues[0]!.enqueue(manager, run.row);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await take(0)).toBeNull();
  });

  test('a run that was cancelled while it waited is passed over', async () => {
    const cancelled = await queued();
    const next = await queued();
    await database.dataSource.getRepository(TrainingRun).update({ row: cancelled }, { state: RunState.CANCELLED });
    expect(await take(0)).toEqual({ row: next, lease: 1 });
  });

  test('a run goes only to a worker such as it asks for', async () => {
    const gpu = await queued('GPU');
    const named = await queued('wasm');
    expect(await take(0, wishesMetBy('native-cpu'))).toBeNull();
    expect(await take(0, wishesMetBy('webgpu'))).toMatchObject({ row: gpu });
    expect(await take(0, wishesMetBy('wasm'))).toMatchObject({ row: named });
  });

  test('wishes that cannot be met by any backend are refused', () => {
    expect(wantedWorker(WorkerKind.GPU, 'webgpu')).toBe('webgpu');
    expect(wantedWorker(null, null)).toBe('ANY');
    expect(() => wantedWorker(WorkerKind.ANY, 'abacus')).toThrow(
      /input.backend: expected one of tensorflow-gpu, .*found "abacus"/,
    );
    expect(() => wantedWorker(WorkerKind.GPU, 'cpu')).toThrow(/a backend on a GPU/);
  });
});

describe('a lease', () => {
  const reclaim = (): Promise<number[]> =>
    reclaimLostRuns(database.dataSource, (manager, run, wanted) => queues[1]!.enqueue(manager, run, wanted));
  const runOut = (row: number): Promise<unknown> =>
    database.dataSource.query(`UPDATE training_run SET lease_until = now() - interval '1 second' WHERE "row" = $1`, [
      row,
    ]);

  test('that runs out puts the run back into the queue once, whoever looks', async () => {
    const row = await queued();
    await take(0);
    expect(await reclaim()).toEqual([]);
    await runOut(row);
    const found = await Promise.all([reclaim(), reclaim(), reclaim()]);
    expect(found.flat()).toEqual([row]);
    expect(await reload(row)).toMatchObject({ state: RunState.QUEUED, losses: 1, progress: null });
    expect(await take(1)).toEqual({ row, lease: 3 });
    expect(await take(0)).toBeNull();
  });

  test('that runs out on a run somebody asked to cancel ends it', async () => {
    const row = await queued();
    await take(0);
    await database.dataSource.getRepository(TrainingRun).update({ row }, { cancelRequested: true });
    await runOut(row);
    await reclaim();
    expect(await reload(row)).toMatchObject({ state: RunState.CANCELLED });
    expect(await take(0)).toBeNull();
  });

  test('a run that kills five workers in a row fails, and says what to lower', async () => {
    const row = await queued();
    for (let loss = 1; loss <= 5; loss++) {
      expect(await take(0)).toMatchObject({ row });
      await runOut(row);
      await reclaim();
    }
    expect(await reload(row)).toMatchObject({
      state: RunState.FAILED,
      error: expect.stringMatching(/5 workers in a row.*smaller batchSize/),
    });
    expect(await take(0)).toBeNull();
  });
});

describe('a run whose worker stops in the middle of a transaction', () => {
  test('goes back to the queue: the session that keeps it locked is ended', async () => {
    const row = await queued();
    await take(0);
    const stopped = new pg.Client({ connectionString: database.url });
    stopped.on('error', () => undefined);
    await stopped.connect();
    await stopped.query('BEGIN');
    await stopped.query('SELECT 1 FROM training_run WHERE "row" = $1 FOR NO KEY UPDATE', [row]);
    await expect
      .poll(
        async () => {
          await reclaimLostRuns(database.dataSource, (manager, run, wanted) =>
            queues[0]!.enqueue(manager, run, wanted),
          );
          await endSilentSessions(database.dataSource);
          return (await reload(row)).state;
        },
        { timeout: 25_000, interval: 200 },
      )
      .toBe(RunState.QUEUED);
    await stopped.end().catch(() => undefined);
  });
});
