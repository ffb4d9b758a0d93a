import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TrainingQueue } from '../../../server/src/training/training-queue.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let sender: TrainingQueue;
const queues: TrainingQueue[] = [];

beforeAll(async () => {
  database = await testDatabase();
  sender = await queue();
});
afterAll(async () => {
  await Promise.all(queues.map((each) => each.stop()));
  await database?.drop();
});

async function queue(): Promise<TrainingQueue> {
  const started = await TrainingQueue.start(database.url, () => undefined);
  queues.push(started);
  return started;
}

const enqueue = (...runs: number[]): Promise<void> => database.dataSource.transaction(async (manager) => {
  for (const run of runs) await sender.enqueue(manager, run);
});

async function until(condition: () => boolean, milliseconds = 15_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Not so after ${milliseconds} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the queue of runs', () => {
  test('two workers share it, one run at a time each, and no run is taken twice; what was rolled back is never taken', async () => {
    const taken: number[] = [];
    const busy = [0, 0];
    let most = 0;
    for (const worker of [0, 1]) {
      await (await queue()).work(async (run) => {
        most = Math.max(most, ++busy[worker]!);
        taken.push(run);
        await new Promise((resolve) => setTimeout(resolve, 100));
        busy[worker]!--;
      });
    }
    await expect(database.dataSource.transaction(async (manager) => {
      await sender.enqueue(manager, 99);
      throw new Error('rolled back');
    })).rejects.toThrow('rolled back');
    await enqueue(1, 2, 3, 4, 5, 6);
    await until(() => taken.length >= 6);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([...taken].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(most).toBe(1);
  });

  test('a run that its worker gives back is taken again', async () => {
    const other = await testDatabase();
    const single = await TrainingQueue.start(other.url, () => undefined);
    const attempts: number[] = [];
    await single.work(async (run) => {
      attempts.push(run);
      if (attempts.length === 1) throw new Error('worker-stopping');
    });
    await other.dataSource.transaction((manager) => single.enqueue(manager, 7));
    await until(() => attempts.length === 2);
    expect(attempts).toEqual([7, 7]);
    await single.stop();
    await other.drop();
  });
});
