import { AsyncLocalStorage } from 'node:async_hooks';

/** Work that somebody waits for, and the statements that it runs. */
interface Work {
  signal: AbortSignal;
  /** Ends what `letFinish` has begun. */
  lasting: AbortSignal;
  /** Cancels what server processes are computing. */
  cancel: (processes: readonly number[]) => Promise<void>;
  /** Whom the audit log names for what it changes; null: it changes nothing. */
  actor: string | null;
  /** Server processes that compute for it now. */
  processes: Set<number>;
  /**
   * Settles when nothing is being cancelled: until then no connection goes back to the pool, where it would serve
   * somebody else.
   */
  cancelling: Promise<void>;
}

/** What is asked of the database now, and what for; null: for nobody. */
export const works = new AsyncLocalStorage<Work | null>();

/** Runs `work` to its end even if the client leaves meanwhile; it is cancelled when its time is up, like any. */
export function letFinish<T>(work: () => T): T {
  const held = works.getStore();
  return held ? begin({ ...held, signal: held.lasting }, work) : work();
}

/** Runs `work` as nobody's: what it asks of the database is not cancelled, and done by the platform itself. */
export function apart<T>(work: () => T): T {
  return works.run(null, work);
}

/** Begins work that ends with `signal`. */
export function begin<T>({ signal, lasting, actor, cancel }: Omit<Work, 'processes' | 'cancelling'>, work: () => T): T {
  const own: Work = { signal, lasting, actor, cancel, processes: new Set(), cancelling: Promise.resolve() };
  signal.addEventListener('abort', () => void (own.cancelling = cancel([...own.processes])), { once: true });
  return works.run(own, work);
}
