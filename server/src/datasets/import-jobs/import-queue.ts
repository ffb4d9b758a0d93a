import { PgBoss, type Job } from 'pg-boss';
import type { EntityManager } from 'typeorm';

/** What versions before imports had a data directory used. */
const earlierQueue = 'import';
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

/** Imports of one data directory that wait: pg-boss on the platform's own PostgreSQL. */
export class ImportQueue {
  private constructor(
    private readonly boss: PgBoss,
    private readonly name: string,
  ) {}

  /** @param store id of the data directory whose imports wait here: every server does its own. */
  static async start(databaseUrl: string, store: string, log: (line: string) => void): Promise<ImportQueue> {
    const name = `import-${store}`;
    const connection = { connectionString: databaseUrl, keepAlive: true };
    const boss = new PgBoss({
      ...connection,
      max: 2,
      useListenNotify: true,
      schedule: false,
      superviseIntervalSeconds: heartbeatSeconds,
      monitorIntervalSeconds: heartbeatSeconds,
    });
    boss.on('error', (error) => log(`import queue: ${error.message}`));
    await boss.start();
    await boss.createQueue(name, {
      notify: true,
      heartbeatSeconds,
      expireInSeconds: longestJobSeconds,
      retryLimit,
      retryDelay: 0,
    });
    return new ImportQueue(boss, name);
  }

  /** Enqueued if and only if the transaction of `manager` commits. */
  async enqueue(manager: EntityManager, job: number): Promise<void> {
    const executeSql = async (text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> => {
      const rows: unknown = await manager.query(text, values as never);
      return { rows: Array.isArray(rows) ? rows : [] };
    };
    await this.boss.send(this.name, { job } satisfies ImportJobData, { db: { executeSql } as never });
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
      this.name,
      { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1, heartbeatRefreshSeconds: 3 },
      handler,
    );
  }

  /** Lets go of what waits as earlier versions had it; whoever adopts those jobs enqueues them again. */
  async forgetEarlier(): Promise<void> {
    if (await this.boss.getQueue(earlierQueue)) await this.boss.deleteQueue(earlierQueue);
  }

  async stop(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: 5_000, close: true });
  }
}
