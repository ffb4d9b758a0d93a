import type { DataSource } from 'typeorm';
import { isDatabaseOutage } from '../../database-outage.js';
import { endSilentSessions, reclaimLostRuns } from './run-lease.js';
import type { TrainingQueue } from './training-queue.js';

const lookMilliseconds = 1_000;

/** Looks after runs whose worker was lost. The API and every worker have one: whoever is left does it. */
export class RunSupervisor {
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<void> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly queue: TrainingQueue,
    private readonly log: (line: string) => void,
  ) {
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = null));
    }, lookMilliseconds);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      const lost = await reclaimLostRuns(this.dataSource, (manager, run, wanted) =>
        this.queue.enqueue(manager, run, wanted),
      );
      for (const run of lost) this.log(`run_${run} lost its worker`);
      for (const run of await endSilentSessions(this.dataSource))
        this.log(`run_${run} is locked by a worker that hangs; its database session is ended`);
    } catch (error) {
      if (!isDatabaseOutage(error))
        this.log(`looking after runs: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
}
