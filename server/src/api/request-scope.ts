import { AsyncLocalStorage } from 'node:async_hooks';

/** What an error belongs to that nobody caught. */
export interface Scope {
  /** Like `GET /images/sample_1`. */
  what: string;
  end(): void;
}

/** The request under way, wherever its work has gone. */
export const requestScope = new AsyncLocalStorage<Scope>();
