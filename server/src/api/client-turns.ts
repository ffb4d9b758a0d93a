import type { IncomingMessage } from 'node:http';
import { PlatformError } from '../errors.js';
import { Turns } from '../turns.js';

/** Queries and mutations of one client that run at once; the dashboard has at most some ten. */
const atOnce = 24;
/** That wait for their turn; a client with more is told so. */
const mostWaiting = 400;

/** Lets each client have some operations at once, so that one that sends hundreds holds up itself and nobody else. */
export class ClientTurns {
  private readonly clients = new Map<string, { turns: Turns; held: number }>();

  /** @throws PlatformError TOO_MANY_OPERATIONS where hundreds wait already. */
  async run<T>(client: string, work: () => Promise<T>): Promise<T> {
    const one = this.clients.get(client) ?? { turns: new Turns(atOnce), held: 0 };
    if (one.held >= atOnce + mostWaiting)
      throw new PlatformError(
        'TOO_MANY_OPERATIONS',
        `This client has ${one.held} operations under way; at most ${atOnce} run at once. Wait for some of them.`,
        { expected: atOnce, found: one.held },
      );
    this.clients.set(client, one);
    one.held++;
    try {
      return await one.turns.take(1, work);
    } finally {
      if (--one.held === 0) this.clients.delete(client);
    }
  }
}

/** Who asks, as far as a connection says. */
export const clientOf = (request: IncomingMessage | undefined): string => request?.socket.remoteAddress ?? '';
