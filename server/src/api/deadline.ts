import { ConflictError, PlatformError } from '../errors.js';

/** Runs work whose SQL is cancelled when the signal aborts. */
export interface Cancellable {
  run<T>(signal: AbortSignal, work: () => T): T;
  /** Says for whom the work under way is done. */
  actFor(actor: string): void;
}

/** An operation took longer than `Limits.timeout`; what it had begun in the database was cancelled. */
export class TimeoutError extends PlatformError {
  constructor(milliseconds: number) {
    super(
      'TIMEOUT',
      `The operation took longer than ${milliseconds / 1000} s and was cancelled. Ask for less at a time.`,
      { expected: milliseconds },
    );
  }
}

/**
 * Aborts after `milliseconds`, or when `left` is called because nobody waits for the answer any more. `met` ends it.
 */
export function deadline(milliseconds: number): { signal: AbortSignal; left(): void; met(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new TimeoutError(milliseconds)), milliseconds);
  return {
    signal: controller.signal,
    left: () => {
      clearTimeout(timer);
      controller.abort(new ConflictError('The client left before the answer.'));
    },
    met: () => clearTimeout(timer),
  };
}
