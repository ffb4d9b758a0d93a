import type { AskOptions, Reader, Reading } from './reading.js';
import { ReadingProcess } from './reading-process.js';

/** A process that was asked nothing for this long ends. */
const idleMilliseconds = 60_000;

export interface ReadingProcessesOptions {
  /** JavaScript file whose process calls `serveReadings`. */
  file: string;
  /** Processes at once; what comes while all are busy waits. */
  most: number;
  /** Of V8's heap in each. */
  heapMegabytes: number;
  log: (line: string) => void;
  idle?: number;
}

/**
 * Reads in processes of their own, started when they are needed: what comes from outside may hold a thread or fill the
 * memory, and neither the API nor another reading may wait for it.
 */
export class ReadingProcesses implements Reader {
  private readonly processes = new Set<ReadingProcess>();
  private readonly waiting: ((process: ReadingProcess) => void)[] = [];
  private idleTimer: NodeJS.Timeout | null = null;

  constructor(private readonly options: ReadingProcessesOptions) {}

  /** Processes that run now. */
  get running(): number {
    return this.processes.size;
  }

  async ask<Input, Output>(reading: Reading<Input, Output>, input: Input, options: AskOptions = {}): Promise<Output> {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    const process = await this.free();
    try {
      return await process.ask(reading, input, options);
    } finally {
      this.handOn(process);
    }
  }

  async close(): Promise<void> {
    if (this.idleTimer) clearTimeout(this.idleTimer);
    const all = [...this.processes];
    this.processes.clear();
    await Promise.all(all.map((process) => process.close()));
  }

  /** One that nobody uses, taken from the others; waits where all are busy. */
  private async free(): Promise<ReadingProcess> {
    const idle = [...this.processes].find((process) => !this.taken.has(process) && !process.ended);
    if (idle) return this.take(idle);
    if (this.processes.size < this.options.most) return this.take(this.start());
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private readonly taken = new Set<ReadingProcess>();

  private take(process: ReadingProcess): ReadingProcess {
    this.taken.add(process);
    return process;
  }

  private start(): ReadingProcess {
    const { file, heapMegabytes, log } = this.options;
    const process = new ReadingProcess(file, heapMegabytes, log);
    this.processes.add(process);
    return process;
  }

  private handOn(process: ReadingProcess): void {
    this.taken.delete(process);
    if (process.ended) this.processes.delete(process);
    const next = this.waiting.shift();
    if (next) next(this.take(process.ended ? this.start() : process));
    else if (this.taken.size === 0) this.endWhenIdle();
  }

  private endWhenIdle(): void {
    this.idleTimer = setTimeout(() => void this.close(), this.options.idle ?? idleMilliseconds);
    this.idleTimer.unref();
  }
}
