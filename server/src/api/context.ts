import type { IncomingMessage } from 'node:http';

/** What a resolver knows of the request besides its arguments. */
export interface Context {
  /** Absent in operations that no HTTP request carries. */
  request?: IncomingMessage;
  /** The same for the same mutation with the same arguments under the same idempotency key; absent without a key. */
  idempotentRequest?: string;
}
