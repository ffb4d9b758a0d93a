import { PgBoss } from 'pg-boss';
import type { DataSource, EntityManager } from 'typeorm';
import { takeRun, type TakenRun } from './run-lease.js';
import { everyWantedWorker, WorkerKind, type WantedWorker } from '../workers/worker-kind.js';

/** A run may wait for a GPU as long as it takes: ten years, for pg-boss wants a number. */
const longestWaitSeconds = 10 * 365 * 24 * 3600;

interface TrainJob {
  run: number;
}

/**
 * Runs that wait for a worker: pg-boss on the platform's own PostgreSQL, a queue for every wish. A job says only that a
 * run waits. It is done in the
 * transaction in which a worker takes the run; from then on the run's lease guards it, which has no longest duration
 * and is noticed in seconds
 * when it runs out.
 */
export class TrainingQueue {
  private constructor(private readonly boss: PgBoss) {}

  static async start(databaseUrl: string, log: (line: string) => void): Promise<TrainingQueue> {
    const connection = { connectionString: databaseUrl, keepAlive: true };
    const boss = new PgBoss({ ...connection, max: 2, schedule: false });
    boss.on('error', (error) => log(`queue: ${error.message}`));
    await boss.start();
    for (const wanted of everyWantedWorker)
      await boss.createQueue(queueName(wanted), { retentionSeconds: longestWaitSeconds, retryLimit: 0 });
    return new TrainingQueue(boss);
  }

  /**
   * Enqueued if and only if the transaction of `manager` commits. @param priority the higher first, of equal ones the
   * one that waits longest.
   */
  async enqueue(
    manager: EntityManager,
    run: number,
    wanted: string = WorkerKind.ANY,
    priority: number = 0,
  ): Promise<void> {
    await this.boss.send(queueName(wanted), { run } satisfies TrainJob, { db: within(manager), priority });
  }

  /**
   * The run that has waited longest under the first of `wishes` that has one, now leased to the worker; null where none
   * waits.
   */
  async take(
    dataSource: DataSource,
    wishes: readonly WantedWorker[],
    workerRow: number | null,
  ): Promise<TakenRun | null> {
    return dataSource.transaction(async (manager) => {
      const db = within(manager);
      for (const wish of wishes) {
        // A run that was cancelled while it waited leaves its job behind: that is done too, and the next one is looked
        // at.
        for (;;) {
          const [job] = await this.boss.fetch<TrainJob>(queueName(wish), { db });
          if (!job) break;
          const taken = await takeRun(manager, job.data.run, workerRow);
          await this.boss.complete(queueName(wish), job.id, null, { db });
          if (taken) return taken;
        }
      }
      return null;
    });
  }

  async stop(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: 5_000, close: true });
  }
}

function queueName(wanted: string): string {
  return wanted === WorkerKind.ANY ? 'train' : `train-${wanted.toLowerCase()}`;
}

/** pg-boss's statements in the transaction of `manager`. */
function within(manager: EntityManager): { executeSql(text: string, values?: unknown[]): Promise<{ rows: never[] }> } {
  return {
    executeSql: async (text, values = []) => {
      const result = await manager.queryRunner!.query(text, values, true);
      return { rows: result.records as never[] };
    },
  };
}
