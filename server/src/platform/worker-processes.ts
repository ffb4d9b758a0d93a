import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Logger } from '../logging.js';
import { LastWords } from './last-words.js';

/** Waits before a worker that ended is started again; the last one repeats. */
const restartMilliseconds = [1_000, 2_000, 5_000, 15_000, 30_000];
/** A worker that lived this long had started well: the next wait is the first again. */
const healthyMilliseconds = 60_000;
/** A worker that ends this often in one manner within a minute cannot start: that is reported once. */
const endsUntilReported = 3;
const alikeMilliseconds = 60_000;
/** Then it is tried this seldom, without a word: what is in the way may go away by itself (a full disk, a busy GPU). */
const retryMilliseconds = 60_000;
/** How long a worker may take to give its run back. */
const graceMilliseconds = 3_000;
/** Variable by which a worker is told the number of the descriptor for its signs of life, and that number. */
const pulseVariable = 'ADADF_PULSE_DESCRIPTOR';
const pulseDescriptor = 4;
/** Between two looks at the signs of life of workers. */
const lookMilliseconds = 1_000;
/**
 * Looks in a row without one after which a worker hangs: it sends one a second from a thread that does nothing else, so
 * that its process is stopped, or the kernel keeps it.
 */
const mostSilentLooks = 12;
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
  /** Looks without a sign of life, and milliseconds between two of them; for tests. */
  silence?: { looks: number; milliseconds: number };
}

/** How a worker ended lately: what decides when it is started again, and what is said of it. */
interface PastEnds {
  /** Ends in a row, each soon after its start. */
  failures: number;
  /** What the last ends have in common: how, and with which words. */
  manner: string;
  /** When it ended in that manner, in milliseconds of `performance.now`; those of the last minute. */
  times: number[];
}

const noEnds: PastEnds = { failures: 0, manner: '', times: [] };

/** One process, from its start to its end. */
interface Attempt {
  number: number;
  started: number;
  /** Whether it came to take runs. */
  ready: boolean;
  words: LastWords;
  past: PastEnds;
}

/**
 * Training workers beside the API, each a process of its own: started again when one ends, told to stop when the
 * platform does. One that cannot start is reported once.
 */
export class WorkerProcesses {
  private readonly children = new Map<number, ChildProcess>();
  private readonly waiting = new Set<NodeJS.Timeout>();
  private stopping = false;
  /** Why workers cannot start, as it was reported. */
  private trouble: string | null = null;

  constructor(private readonly options: WorkerOptions) {}

  start(): void {
    for (let number = 1; number <= this.options.count; number++) this.startOne(number, noEnds);
  }

  /** Resolves when every worker has ended: by SIGTERM, or after a while by SIGKILL. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.waiting) clearTimeout(timer);
    await Promise.all([...this.children.values()].map(stopChild));
  }

  private startOne(number: number, past: PastEnds): void {
    const { file, environment } = this.options;
    // A session of its own: a Ctrl-C in the terminal reaches the platform alone. The channel tells it when the platform
    // is gone.
    const child = fork(file, [], {
      env: { ...environment, [pulseVariable]: String(pulseDescriptor) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      detached: true,
    });
    this.watch(number, child);
    const attempt: Attempt = { number, started: performance.now(), ready: false, words: new LastWords(), past };
    this.children.set(number, child);
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => this.hear(attempt, line));
    child.on('error', (error) => attempt.words.hear(error.message));
    child.once('close', (code, signal) => {
      this.children.delete(number);
      if (!this.stopping) this.startAgain(attempt, signal ?? `exit code ${code}`);
    });
  }

  /** Kills a worker that once showed signs of life and does not any more: stopped, it would keep what it has locked. */
  private watch(number: number, child: ChildProcess): void {
    const { looks, milliseconds } = this.options.silence ?? { looks: mostSilentLooks, milliseconds: lookMilliseconds };
    let silent: number | null = null;
    (child.stdio[pulseDescriptor] as Readable).on('data', () => (silent = 0)).on('error', () => undefined);
    const timer = setInterval(() => {
      // Counted in looks: where this process itself was stopped, it has not looked.
      if (silent === null || ++silent < looks) return;
      clearInterval(timer);
      this.options.log.error(`worker ${number} hangs (process ${child.pid}); it is killed`);
      child.kill('SIGKILL');
    }, milliseconds);
    child.once('exit', () => clearInterval(timer));
  }

  /** A worker's own log lines keep their level, anything else is information; what was reported is not said again. */
  private hear(attempt: Attempt, line: string): void {
    attempt.words.hear(line);
    if (readyLine.test(line)) {
      attempt.ready = true;
      this.report(null);
    }
    const [, level, text] = /^\d\d:\d\d:\d\d (debug|info|warn|error) +(.*)$/s.exec(line) ?? [];
    const shown = this.trouble === null ? ((level ?? 'info') as keyof Logger) : 'debug';
    this.options.log[shown](`worker ${attempt.number}: ${text ?? line}`);
  }

  private startAgain({ number, started, ready, words, past }: Attempt, end: string): void {
    const { log, restarts = restartMilliseconds } = this.options;
    const now = performance.now();
    const cause = (ready ? null : words.cause()) ?? end;
    const manner = withoutNumbers(`${ready} ${end} ${cause}`);
    const alike = past.manner === manner ? past.times : [];
    const times = [...alike.filter((time) => now - time < alikeMilliseconds), now];
    const failures = now - started > healthyMilliseconds ? 0 : past.failures;
    const hopeless = !ready && (times.length >= endsUntilReported || this.trouble !== null);
    const wait = hopeless ? retryMilliseconds : restarts[Math.min(failures, restarts.length - 1)];
    const again = `starting it again in ${wait / 1000} s`;
    if (hopeless) {
      const known = this.trouble !== null && withoutNumbers(this.trouble) === withoutNumbers(cause);
      log[known ? 'debug' : 'error'](`no worker can start: ${cause} (worker ${number}, ${end}); ${again}, and so on`);
      if (!known) this.report(cause);
    } else if (times.length < endsUntilReported) log.warn(`worker ${number} ended (${end}); ${again}`);
    else if (times.length === endsUntilReported)
      log.error(`worker ${number} ended ${times.length} times within a minute (${end}) after it had started; ${again}`);
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      this.startOne(number, { failures: failures + 1, manner, times });
    }, wait);
    this.waiting.add(timer);
  }

  private report(cause: string | null): void {
    if (cause === this.trouble) return;
    this.trouble = cause;
    this.options.onTrouble?.(cause);
  }
}

/** Times and process ids differ from one end to the next. */
function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, '#');
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds);
  await ended;
  clearTimeout(timer);
}
