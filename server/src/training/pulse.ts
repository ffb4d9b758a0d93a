/** Counts of signs of life, shared between the threads of a worker. `heartbeat-thread.ts` reads them by these places. */
const MAIN = 0;
const BRANCHES = 1;
const ASKED = 2;

/** Whether the threads of a worker get on: its main thread always, those of the branches while they are asked something. */
export class Pulse {
  private readonly counts: Int32Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)) {
    this.counts = new Int32Array(memory);
  }

  /** The main thread turned, or begins a kernel. */
  readonly main = (): void => void Atomics.add(this.counts, MAIN, 1);

  /** A thread of a branch begins a kernel. */
  readonly branch = (): void => void Atomics.add(this.counts, BRANCHES, 1);

  /** From now until `answered` threads of branches have something to do. */
  asked(): void {
    this.branch();
    Atomics.add(this.counts, ASKED, 1);
  }

  answered(): void {
    Atomics.sub(this.counts, ASKED, 1);
  }
}
