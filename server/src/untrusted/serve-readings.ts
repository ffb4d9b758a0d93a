import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Reading } from './reading.js';
import { type ReaderAnswer, type ReaderRequest, sentError } from './reading-messages.js';

/** Loaded when they are first asked for: pictures need no database. */
export type Readings = Readonly<Record<string, () => Promise<Reading<never, unknown>>>>;

const aliveMilliseconds = 1000;

/** The other end of `ReadingProcess`: reads what it is asked to until the channel closes. */
export function serveReadings(readings: Readings): void {
  endWithParent();
  const running = new Map<number, AbortController>();
  const say = (answer: ReaderAnswer): void => void process.send?.(answer);
  setInterval(() => say({ alive: true }), aliveMilliseconds).unref();
  process.on('message', (request: ReaderRequest) => {
    if ('abort' in request) return running.get(request.id)?.abort(new Error(request.abort));
    const abort = new AbortController();
    running.set(request.id, abort);
    void read(readings, request, abort.signal, say).finally(() => running.delete(request.id));
  });
  process.once('disconnect', () => process.exit(0));
}

async function read(
  readings: Readings,
  { id, reading: name, input }: { id: number; reading: string; input: unknown },
  signal: AbortSignal,
  say: (answer: ReaderAnswer) => void,
): Promise<void> {
  try {
    if (!Object.hasOwn(readings, name)) throw new TypeError(`There is no reading called ${name}.`);
    const reading = await readings[name]();
    say({ id, began: true });
    const output = await reading.read(input as never, { signal, progress: (progress) => say({ id, progress }) });
    say({ id, output });
  } catch (error) {
    say({ id, error: sentError(error) });
  }
}

/**
 * A thread of its own ends the process with its parent: the main one may be held by what it reads. Where memory runs
 * short the kernel is to take this process before any other.
 */
function endWithParent(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '900');
  } catch {
    // Another system, or not allowed: it was only a wish.
  }
  const watch = `setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(${process.pid}, 'SIGKILL') }, 1000)`;
  new Worker(watch, { eval: true, execArgv: [] }).unref();
}
