import { PgBoss, type Job } from 'pg-boss';
import type { EntityManager } from 'typeorm';

const queueName = 'import';
/**
 * A server that says nothing for this long is taken for dead and its import begins anew elsewhere. The least pg-boss
 * takes is 10.
 */
const heartbeatSeconds = 10;
const longestJobSeconds = 24 * 3600;
/** Servers stop and start more often than imports fail: `ImportRunner` gives one up that kills its server. */
const retryLimit = 1000;

interface ImportJobData {
  job: number;
}

/** Imports that wait: pg-boss on the platform's own PostgreSQL. */
export class ImportQueue {
  private constructor(private readonly boss: PgBoss) {}

  static async start(databaseUrl: string, log: (line: string) => void): Promise<ImportQueue> {
    const boss = new PgBoss({
      connectionString: databaseUrl,
      max: 2,
      useListenNotify: true,
      schedule: false,
      superviseIntervalSeconds: heartbeatSeconds,
      monitorIntervalSeconds: heartbeatSeconds,
    });
    boss.on('error', (error) => log(`import queue: ${error.message}`));
    await boss.start();
    await boss.createQueue(queueName, {
      notify: true,
      heartbeatSeconds,
      expireInSeconds: longestJobSeconds,
      retryLimit,
      retryDelay: 0,
    });
    return new ImportQueue(boss);
  }

  /** Enqueued if and only if the transaction of `manager` commits. */
  async enqueue(manager: EntityManager, job: number): Promise<void> {
    const executeSql = async (text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> => {
      const rows: unknown = await manager.query(text, values as never);
      return { rows: Array.isArray(rows) ? rows : [] };
    };
    await this.boss.send(queueName, { job } satisfies ImportJobData, { db: { executeSql } as never });
  }

  /**
   * Takes one import at a time until `stop`. When `run` rejects, or this process dies, the import goes back to the
   * queue.
   */
  async work(run: (job: number, lost: AbortSignal) => Promise<void>): Promise<void> {
    const handler = async ([job]: Job<ImportJobData>[]): Promise<void> => {
      if (job) await run(job.data.job, job.signal);
    };
    await this.boss.work<ImportJobData>(
      queueName,
      { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1, heartbeatRefreshSeconds: 3 },
      handler,
    );
  }

  async stop(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: 5_000, close: true });
  }
}
