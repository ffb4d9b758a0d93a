import { PgBoss, type Job } from 'pg-boss';
import type { EntityManager } from 'typeorm';

const queueName = 'train';
/** A worker that says nothing for this long is taken for dead and its run goes to another. The least pg-boss takes is 10. */
const heartbeatSeconds = 10;
/** A notification wakes an idle worker at once; runs that came while it was busy, or came back, wait this long at most. */
const pollingIntervalSeconds = 1;
/** The longest pg-boss lets a job run. */
const longestJobSeconds = 24 * 3600;
/** Deaths of a worker that a run survives. A run that fails by itself is not tried again. */
const retryLimit = 5;

interface TrainJob {
  run: number;
}

/** Runs that wait for a worker: pg-boss on the platform's own PostgreSQL. */
export class TrainingQueue {
  private constructor(
    private readonly boss: PgBoss,
    private readonly log: (line: string) => void,
  ) {}

  static async start(databaseUrl: string, log: (line: string) => void): Promise<TrainingQueue> {
    const boss = new PgBoss({
      connectionString: databaseUrl,
      max: 3,
      useListenNotify: true,
      schedule: false,
      superviseIntervalSeconds: heartbeatSeconds,
      monitorIntervalSeconds: heartbeatSeconds,
    });
    boss.on('error', (error) => log(`queue: ${error.message}`));
    await boss.start();
    await boss.createQueue(queueName, { notify: true, heartbeatSeconds, expireInSeconds: longestJobSeconds, retryLimit, retryDelay: 0 });
    return new TrainingQueue(boss, log);
  }

  /** Enqueued if and only if the transaction of `manager` commits. */
  async enqueue(manager: EntityManager, run: number): Promise<void> {
    const executeSql = async (text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> => {
      const rows: unknown = await manager.query(text, values as never);
      return { rows: Array.isArray(rows) ? rows : [] };
    };
    await this.boss.send(queueName, { run } satisfies TrainJob, { db: { executeSql } as never });
  }

  /**
   * Takes one run at a time until `stop`. `train` resolves when the run is over, however it ended; when it rejects, or this process dies,
   * the run goes back to the queue.
   */
  async work(train: (run: number, lost: AbortSignal) => Promise<void>): Promise<void> {
    const handler = async ([job]: Job<TrainJob>[]): Promise<void> => {
      if (!job) return;
      this.log(`queue: took run ${job.data.run}`);
      await train(job.data.run, job.signal);
    };
    await this.boss.work<TrainJob>(queueName, { batchSize: 1, pollingIntervalSeconds, notifyPollingIntervalSeconds: pollingIntervalSeconds, heartbeatRefreshSeconds: 3 }, handler);
  }

  async stop(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: 5_000, close: true });
  }
}
