import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Logger } from '../logging.js';

/** Waits before a worker that ended is started again; the last one repeats. */
const restartMilliseconds = [1_000, 2_000, 5_000, 15_000, 30_000];
/** A worker that lived this long had started well: the next wait is the first again. */
const healthyMilliseconds = 60_000;
/** How long a worker may take to give its run back. */
const graceMilliseconds = 3_000;

export interface WorkerOptions {
  /** JavaScript file to run. */
  file: string;
  count: number;
  environment: NodeJS.ProcessEnv;
  log: Logger;
}

/**
 * Training workers beside the API, each a process of its own: started again when one ends, told to stop when the
 * platform does.
 */
export class WorkerProcesses {
  private readonly children = new Map<number, ChildProcess>();
  private readonly waiting = new Set<NodeJS.Timeout>();
  private stopping = false;

  constructor(private readonly options: WorkerOptions) {}

  start(): void {
    for (let number = 1; number <= this.options.count; number++) this.startOne(number, 0);
  }

  /** Resolves when every worker has ended: by SIGTERM, or after a while by SIGKILL. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.waiting) clearTimeout(timer);
    await Promise.all([...this.children.values()].map(stopChild));
  }

  private startOne(number: number, failures: number): void {
    const { file, environment, log } = this.options;
    // A session of its own: a Ctrl-C in the terminal reaches the platform alone. The channel tells it when the platform
    // is gone.
    const child = fork(file, [], { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
    const started = performance.now();
    this.children.set(number, child);
    for (const stream of [child.stdout, child.stderr]) if (stream) forward(stream, `worker ${number}: `, log);
    child.on('error', (error) => log.error(`worker ${number} cannot be started`, error));
    child.once('close', (code, signal) => {
      this.children.delete(number);
      if (this.stopping) return;
      const past = performance.now() - started > healthyMilliseconds ? 0 : failures;
      const wait = restartMilliseconds[Math.min(past, restartMilliseconds.length - 1)]!;
      log.warn(`worker ${number} ended (${signal ?? `exit code ${code}`}); starting it again in ${wait / 1000} s`);
      const timer = setTimeout(() => {
        this.waiting.delete(timer);
        this.startOne(number, past + 1);
      }, wait);
      this.waiting.add(timer);
    });
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

/** A worker's own log lines keep their level; anything else it prints is information. */
function forward(stream: Readable, prefix: string, log: Logger): void {
  createInterface({ input: stream }).on('line', (line) => {
    const [, level, text] = /^\d\d:\d\d:\d\d (debug|info|warn|error) +(.*)$/.exec(line) ?? [];
    log[(level ?? 'info') as keyof Logger](`${prefix}${text ?? line}`);
  });
}
