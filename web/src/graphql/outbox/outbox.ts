import type { NewEntry, OutboxEntry } from './entry';
import type { OutboxStore } from './outbox-store';
import type { Delivery } from './send-entry';

export interface OutboxState {
  /** In order; refused ones among them. */
  entries: readonly OutboxEntry[];
  /** Why the first of them could not be sent when it was last tried; null where nothing is in the way. */
  trouble: string | null;
  /** False where entries end with the page. */
  lasting: boolean;
}

export interface OutboxParts {
  store: OutboxStore;
  send: (entry: OutboxEntry) => Promise<Delivery>;
  /** Runs `work` while no other tab does. */
  alone: (work: () => Promise<void>) => Promise<void>;
  /** Milliseconds; resolves early when there is reason to try again. */
  wait: (milliseconds: number) => Promise<void>;
  stored?: (entry: OutboxEntry) => void;
}

const shortestWait = 500;
const longestWait = 10_000;

/** Keeps decisions until the server has them: in the order they were made, each once, whatever happens between. */
export class Outbox {
  private state: OutboxState;
  private readonly listeners = new Set<() => void>();
  private sending = false;
  private adding: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: OutboxParts) {
    this.state = { entries: [], trouble: null, lasting: parts.store.lasting };
  }

  readonly now = (): OutboxState => this.state;

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Resolves once the entry is kept, in the order of the calls; it is sent by itself. */
  add(entry: NewEntry): Promise<void> {
    const kept = this.adding.then(async () => {
      const added = await this.parts.store.add(entry);
      const others = this.state.entries.filter((one) => one.order !== added.order);
      this.change({ entries: [...others, added] });
      void this.drain();
    });
    this.adding = kept.catch(() => undefined);
    return kept;
  }

  /** Reads what an earlier page or another tab left, and sends it. */
  async wake(): Promise<void> {
    this.change({ entries: await this.parts.store.all() });
    await this.drain();
  }

  /** Sends a refused entry again, or forgets it. */
  async settle(entry: OutboxEntry, how: 'again' | 'forget'): Promise<void> {
    if (how === 'forget') await this.parts.store.remove(entry.order);
    else {
      const { refused: _, ...open } = entry;
      await this.parts.store.put(open as OutboxEntry);
    }
    await this.wake();
  }

  /** Resolves when nothing is left that could still be sent. @throws Error where the server is away for too long. */
  async flush(patienceMilliseconds: number): Promise<void> {
    const limit = Date.now() + patienceMilliseconds;
    while (this.state.entries.some((entry) => entry.refused === undefined)) {
      if (Date.now() > limit)
        throw new Error(
          `${this.state.entries.length} decisions wait to be stored: ${this.state.trouble ?? 'the server is busy'}.`,
        );
      void this.drain();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async drain(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      let wait = shortestWait;
      while (this.state.entries.some((entry) => entry.refused === undefined)) {
        const progress = await this.sendAll();
        wait = progress ? shortestWait : Math.min(longestWait, wait * 2);
        if (this.state.trouble !== null) await this.parts.wait(wait);
      }
    } finally {
      this.sending = false;
    }
  }

  /** @returns whether anything was delivered. */
  private async sendAll(): Promise<boolean> {
    let delivered = false;
    await this.parts.alone(async () => {
      for (;;) {
        // The store is the truth: another tab may have sent some.
        const entries = await this.parts.store.all();
        const entry = entries.find((one) => one.refused === undefined);
        this.change({ entries });
        if (!entry) return this.change({ trouble: null });
        const delivery = await this.parts.send(entry);
        if (delivery.outcome === 'AWAY') return this.change({ trouble: delivery.message });
        if (delivery.outcome === 'REFUSED') await this.parts.store.put({ ...entry, refused: delivery.message });
        else await this.parts.store.remove(entry.order);
        delivered = true;
        this.change({ entries: await this.parts.store.all(), trouble: null });
        if (delivery.outcome === 'STORED') this.parts.stored?.(entry);
      }
    });
    return delivered;
  }

  private change(part: Partial<OutboxState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}
