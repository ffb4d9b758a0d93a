import type { RunEvent } from './run-event.entity.js';
import type { RunEventFeed } from './run-event-feed.js';

/** The topic under which resolvers subscribe to events of runs, with a `RunEventPlace`. */
export const runEventsTopic = 'runEvents';

/** Where a subscriber begins. */
export interface RunEventPlace {
  /** Null: every run. */
  runRow: number | null;
  /** Place of the last event that is known; null: only what happens from now on. */
  after: string | null;
}

/** Events kept in memory for a subscriber who does not take them; beyond that they are read from the table again. */
const mostWaiting = 1_000;

/**
 * Stored events after a place, then those that happen, each once and in order, however slowly they are taken. An object
 * and not a generator: a
 * generator's `return` waits for the event it is at, which may never come.
 */
export class RunEventStream implements AsyncIterableIterator<RunEvent> {
  private waiting: RunEvent[] = [];
  private page: RunEvent[] = [];
  private wake: (() => void) | null = null;
  private ended = false;
  /** Events after `last` may stand in the table alone. */
  private behind: boolean;
  /** Place of the last event that was given away. */
  private last: string;
  private readonly unsubscribe: () => void;

  private readonly runRow: number | null;

  constructor(
    private readonly feed: RunEventFeed,
    { runRow, after }: RunEventPlace,
  ) {
    this.runRow = runRow;
    this.behind = after !== null;
    this.last = after ?? feed.newest;
    this.unsubscribe = feed.subscribe((event) => this.hear(event));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<RunEvent>> {
    while (!this.ended) {
      const event = this.page.shift() ?? (this.behind ? undefined : this.waiting.shift());
      if (event) {
        // What was read from the table may also have been heard.
        if (BigInt(event.place!) <= BigInt(this.last)) continue;
        this.last = event.place!;
        return { done: false, value: event };
      }
      if (this.behind) await this.read();
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<RunEvent>> {
    this.ended = true;
    this.unsubscribe();
    this.wake?.();
    return { done: true, value: undefined };
  }

  private async read(): Promise<void> {
    this.page = await this.feed.stored(this.last, this.runRow);
    this.behind = this.page.length > 0;
  }

  private hear(event: RunEvent): void {
    if (this.runRow !== null && event.runRow !== this.runRow) return;
    this.waiting.push(event);
    if (this.waiting.length > mostWaiting) {
      this.waiting = [];
      this.behind = true;
    }
    this.wake?.();
    this.wake = null;
  }
}
