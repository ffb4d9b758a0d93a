import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker as Thread } from 'node:worker_threads';
import { beatMilliseconds, leaseSeconds, type TakenRun } from '../runs/queue/run-lease.js';
import type { Pulse } from './pulse.js';

const thisFile = fileURLToPath(import.meta.url);
/** `.js` where it was compiled, `.ts` where tests run the source: Node leaves types out by itself. */
const threadFile = path.join(path.dirname(thisFile), `heartbeat-thread${path.extname(thisFile)}`);

interface Notice {
  kind: 'lost' | 'cancel';
  run: TakenRun;
}

/**
 * Says every second that a worker lives, and keeps the lease of its run, from a thread with a connection of its own. A
 * worker whose threads hang it ends.
 */
export class Heartbeat {
  private readonly thread: Thread;
  private readonly turning: NodeJS.Timeout;

  constructor(
    databaseUrl: string,
    workerRow: number,
    { pulse, descriptor = null }: { pulse: Pulse; descriptor?: number | null },
    onNotice: (notice: Notice) => void,
  ) {
    this.thread = new Thread(threadFile, {
      workerData: { url: databaseUrl, workerRow, beatMilliseconds, leaseSeconds, pulse: pulse.memory, descriptor },
    });
    this.thread.on('message', onNotice);
    this.turning = setInterval(pulse.main, beatMilliseconds);
  }

  /**
   * Keeps the lease of `run` from now on; null: of none. @param patience seconds without a turn or a kernel after which
   * a thread hangs.
   */
  hold(run: TakenRun | null, patience: number): void {
    this.thread.postMessage({ kind: 'run', run, patience: (patience * 1000) / beatMilliseconds });
  }

  async close(): Promise<void> {
    clearInterval(this.turning);
    const ended = new Promise<void>((resolve) => this.thread.once('exit', () => resolve()));
    this.thread.postMessage({ kind: 'close' });
    await ended;
  }
}
