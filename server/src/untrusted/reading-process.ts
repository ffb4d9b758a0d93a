import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { PlatformError } from '../errors.js';
import type { AskOptions, Reading, ReadingLimits } from './reading.js';
import { type ReaderAnswer, type ReaderRequest, receivedError } from './reading-messages.js';

/** Between two looks at its memory and its signs of life. */
const watchMilliseconds = 100;
/** Starting a process and loading what reads; a loaded machine takes its time, and that is no fault of the input. */
const startMilliseconds = 120_000;
/** What one that was asked to stop may take to put things in order. */
const stopMilliseconds = 10_000;
const bytesOfAPage = 4096;
const bytesOfAMegabyte = 1e6;

interface Asked {
  id: number;
  what: string;
  limits: ReadingLimits;
  /** When its process was ready to read; until then, when it was asked. */
  started: number;
  began: boolean;
  heard: number;
  onProgress: (said: unknown) => void;
  resolve(output: unknown): void;
  reject(error: Error): void;
}

/** One process that reads one thing at a time, and that is killed when it takes too much. */
export class ReadingProcess {
  private readonly child: ChildProcess;
  private asked: Asked | null = null;
  private requests = 0;
  private readonly exited: Promise<void>;
  private watching: NodeJS.Timeout | null = null;
  ended = false;

  /** @param file JavaScript whose process calls `serveReadings`. @param log what it says. */
  constructor(file: string, heapMegabytes: number, log: (line: string) => void) {
    this.child = fork(file, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true,
      execArgv: [`--max-old-space-size=${heapMegabytes}`],
    });
    this.child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => log(`reader: ${text.trimEnd().slice(0, 2000)}`));
    this.child.on('message', (answer: ReaderAnswer) => this.hear(answer));
    this.child.on('error', (error) => log(`reader: ${error.message}`));
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        this.ended = true;
        this.settle((asked) =>
          asked.reject(stopped(asked.what, `its process ended (${signal ?? `exit code ${code}`})`, true)),
        );
        resolve();
      });
    });
  }

  get busy(): boolean {
    return this.asked !== null;
  }

  async ask<Input, Output>(
    reading: Reading<Input, Output>,
    input: Input,
    { what = 'the file', signal, onProgress = () => undefined }: AskOptions,
  ): Promise<Output> {
    signal?.throwIfAborted();
    const id = ++this.requests;
    const abort = (): void => this.abort(id);
    const output = new Promise<unknown>((resolve, reject) => {
      const now = performance.now();
      this.asked = {
        id,
        what,
        limits: reading.limits,
        started: now,
        began: false,
        heard: now,
        onProgress,
        resolve,
        reject,
      };
    });
    this.send({ id, reading: reading.name, input });
    this.watching = setInterval(() => void this.watch(), watchMilliseconds);
    signal?.addEventListener('abort', abort);
    try {
      return (await output) as Output;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private send(request: ReaderRequest): void {
    this.child.send(request, (error) => {
      if (error) this.settle((asked) => asked.reject(stopped(asked.what, error.message)));
    });
  }

  private hear(answer: ReaderAnswer): void {
    const { asked } = this;
    if (!asked) return;
    asked.heard = performance.now();
    if (!('id' in answer) || answer.id !== asked.id) return;
    if ('began' in answer) Object.assign(asked, { began: true, started: asked.heard });
    else if ('progress' in answer) asked.onProgress(answer.progress);
    else if ('error' in answer) this.settle(() => asked.reject(receivedError(answer.error)));
    else this.settle(() => asked.resolve(answer.output));
  }

  private settle(how: (asked: Asked) => void): void {
    if (this.watching) clearInterval(this.watching);
    const { asked } = this;
    this.asked = null;
    if (asked) how(asked);
  }

  private abort(id: number): void {
    this.send({ id, abort: 'It was stopped.' });
    const late = setTimeout(() => {
      if (this.asked?.id === id) this.child.kill('SIGKILL');
    }, stopMilliseconds);
    late.unref();
  }

  private async watch(): Promise<void> {
    const { asked } = this;
    if (!asked) return;
    const { seconds, silentSeconds, megabytes } = asked.limits;
    const now = performance.now();
    if (!asked.began) {
      if (now - asked.started > startMilliseconds) this.kill(asked, 'its process did not start');
    } else if (seconds !== null && now - asked.started > seconds * 1000)
      this.kill(asked, `it took more than ${seconds} s`);
    else if (now - asked.heard > silentSeconds * 1000)
      this.kill(asked, `nothing was heard of it for ${silentSeconds} s`);
    else if ((await this.residentBytes()) > megabytes * bytesOfAMegabyte)
      this.kill(asked, `it took more than ${megabytes} MB of memory`);
  }

  private kill(asked: Asked, why: string): void {
    if (this.asked !== asked) return;
    this.ended = true;
    this.settle(() => asked.reject(stopped(asked.what, why)));
    this.child.kill('SIGKILL');
  }

  /** 0 where the machine does not say: then only V8's own limit holds. */
  private async residentBytes(): Promise<number> {
    const text = await readFile(`/proc/${this.child.pid}/statm`, 'utf8').catch(() => '');
    return Number(text.split(' ')[1] ?? 0) * bytesOfAPage;
  }
}

/** @param ended by itself, or by somebody else: then it may be no fault of what was read. */
const stopped = (what: string, why: string, ended = false): PlatformError =>
  new PlatformError(
    'READING_STOPPED',
    `Reading ${what} was stopped: ${why}. It is damaged, made to do harm, or larger than this platform reads.`,
    { what, why, ended },
  );
