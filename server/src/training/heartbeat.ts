import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker as Thread } from 'node:worker_threads';
import { beatMilliseconds, leaseSeconds, type TakenRun } from '../runs/queue/run-lease.js';

const thisFile = fileURLToPath(import.meta.url);
/** `.js` where it was compiled, `.ts` where tests run the source: Node leaves types out by itself. */
const threadFile = path.join(path.dirname(thisFile), `heartbeat-thread${path.extname(thisFile)}`);

interface Notice {
  kind: 'lost' | 'cancel';
  run: TakenRun;
}

/**
 * Says every second that a worker lives, and keeps the lease of its run, from a thread with a connection of its own.
 */
export class Heartbeat {
  private readonly thread: Thread;
  private readonly turning: NodeJS.Timeout;

  constructor(databaseUrl: string, workerRow: number, onNotice: (notice: Notice) => void) {
    this.thread = new Thread(threadFile, {
      workerData: { url: databaseUrl, workerRow, beatMilliseconds, leaseSeconds },
    });
    this.thread.on('message', onNotice);
    this.turning = setInterval(() => this.thread.postMessage({ kind: 'turning' }), beatMilliseconds);
  }

  /** Keeps the lease of `run` from now on; null: of none. */
  hold(run: TakenRun | null): void {
    this.thread.postMessage({ kind: 'run', run });
  }

  async close(): Promise<void> {
    clearInterval(this.turning);
    const ended = new Promise<void>((resolve) => this.thread.once('exit', () => resolve()));
    this.thread.postMessage({ kind: 'close' });
    await ended;
  }
}
