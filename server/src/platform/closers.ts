import type { Logger } from '../logging.js';

/** What was opened, closed in the opposite order. */
export class Closers {
  private readonly closers: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  /** Goes on after one that fails; what failed is logged. */
  async close(log: Logger): Promise<void> {
    for (let close = this.closers.pop(); close; close = this.closers.pop()) {
      await close().catch((error: unknown) => log.error('closing failed', error));
    }
  }
}
