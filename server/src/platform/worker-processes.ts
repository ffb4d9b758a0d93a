import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Logger } from '../logging.js';
import { LastWords } from './last-words.js';

/** Waits before a worker that ended is started again; the last one repeats. */
const restartMilliseconds = [1_000, 2_000, 5_000, 15_000, 30_000];
/** A worker that lived this long had started well: the next wait is the first again. */
const healthyMilliseconds = 60_000;
/** A worker that ends this often for one reason within `healthyMilliseconds` cannot start: that is reported once. */
const endsUntilReported = 3;
/** Then it is tried this seldom, without a word: what is in the way may go away by itself (a full disk, a busy GPU). */
const retryMilliseconds = 60_000;
/** How long a worker may take to give its run back. */
const graceMilliseconds = 3_000;
/** What a worker prints once it takes runs. */
const readyLine = /^worker ready\b/;

export interface WorkerOptions {
  /** JavaScript file to run. */
  file: string;
  count: number;
  environment: NodeJS.ProcessEnv;
  log: Logger;
  /** Told why workers cannot start, and null once one could. */
  onTrouble?: (cause: string | null) => void;
  /** Waits before the first restarts, in milliseconds. */
  restarts?: readonly number[];
}

/** How a worker ended before: what decides when it is started again, and what is said of it. */
interface PastEnds {
  failures: number;
  /** When it ended for `cause`, oldest first, in milliseconds of `performance.now`. */
  times: number[];
  cause: string;
}

/**
 * Training workers beside the API, each a process of its own: started again when one ends, told to stop when the
 * platform does.
 */
export class WorkerProcesses {
  private readonly children = new Map<number, ChildProcess>();
  private readonly waiting = new Set<NodeJS.Timeout>();
  private stopping = false;
  private trouble: string | null = null;

  constructor(private readonly options: WorkerOptions) {}

  start(): void {
    for (let number = 1; number <= this.options.count; number++)
      this.startOne(number, { failures: 0, times: [], cause: '' });
  }

  /** Resolves when every worker has ended: by SIGTERM, or after a while by SIGKILL. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.waiting) clearTimeout(timer);
    await Promise.all([...this.children.values()].map(stopChild));
  }

  private startOne(number: number, past: PastEnds): void {
    const { file, environment, log } = this.options;
    // A session of its own: a Ctrl-C in the terminal reaches the platform alone. The channel tells it when the platform
    // is gone.
    const child = fork(file, [], { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
    const started = performance.now();
    const words = new LastWords();
    this.children.set(number, child);
    const quiet = this.trouble !== null;
    const hear = (line: string): void => {
      if (readyLine.test(line)) this.report(null);
      words.hear(line);
    };
    for (const stream of [child.stdout, child.stderr])
      if (stream) forward(stream, `worker ${number}: `, log, hear, quiet);
    child.on('error', (error) => words.hear(error.message));
    child.once('close', (code, signal) => {
      this.children.delete(number);
      if (this.stopping) return;
      const healthy = performance.now() - started > healthyMilliseconds;
      this.startAgain(
        number,
        healthy ? { failures: 0, times: [], cause: '' } : past,
        signal ?? `exit code ${code}`,
        words.cause(),
      );
    });
  }

  private startAgain(number: number, past: PastEnds, end: string, said: string | null): void {
    const { log, restarts = restartMilliseconds } = this.options;
    const cause = said ?? end;
    const now = performance.now();
    const times = [...(cause === past.cause ? past.times : []).filter((time) => now - time < healthyMilliseconds), now];
    const hopeless = times.length >= endsUntilReported || (this.trouble === cause && cause === past.cause);
    const wait = hopeless ? retryMilliseconds : restarts[Math.min(past.failures, restarts.length - 1)]!;
    if (hopeless) {
      const first = this.trouble !== cause;
      const line = `worker ${number} cannot start: it ended ${times.length} times with ${end}, the last words were: ${cause}`;
      log[first ? 'error' : 'debug'](`${line}. It is tried again every ${retryMilliseconds / 1000} s`);
      this.report(cause);
    } else log.warn(`worker ${number} ended (${end}); starting it again in ${wait / 1000} s`);
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      this.startOne(number, { failures: past.failures + 1, times, cause });
    }, wait);
    this.waiting.add(timer);
  }

  private report(cause: string | null): void {
    if (cause === this.trouble) return;
    this.trouble = cause;
    this.options.onTrouble?.(cause);
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds);
  await ended;
  clearTimeout(timer);
}

/**
 * A worker's own log lines keep their level; anything else it prints is information. `quiet`: what was reported is not
 * printed again.
 */
function forward(stream: Readable, prefix: string, log: Logger, hear: (line: string) => void, quiet: boolean): void {
  createInterface({ input: stream }).on('line', (line) => {
    const [, level, text] = /^\d\d:\d\d:\d\d (debug|info|warn|error) +(.*)$/.exec(line) ?? [];
    hear(line);
    log[quiet ? 'debug' : ((level ?? 'info') as keyof Logger)](`${prefix}${text ?? line}`);
  });
}
