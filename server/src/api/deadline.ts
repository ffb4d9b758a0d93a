import { ConflictError, PlatformError } from '../errors.js';

/** Runs work whose SQL is cancelled when the signal aborts. */
export interface Cancellable {
  /** @param lasting ends what has to be finished even if the client leaves; default: `signal`. */
  run<T>(signal: AbortSignal, work: () => T, lasting?: AbortSignal): T;
  /** Says for whom the work under way is done. */
  actFor(actor: string): void;
}

/** An operation took longer than `Limits.timeout`; what it had begun in the database was cancelled. */
class TimeoutError extends PlatformError {
  constructor(milliseconds: number) {
    super(
      'TIMEOUT',
      `The operation took longer than ${milliseconds / 1000} s and was cancelled. Ask for less at a time.`,
      { expected: milliseconds },
    );
  }
}

/** When an operation has to be over. */
export interface Deadline {
  /** Aborts when time is up, or nobody waits for the answer any more. */
  signal: AbortSignal;
  /** Aborts when time is up. */
  late: AbortSignal;
  /** Nobody waits for the answer any more. */
  left(): void;
  /** The answer was given in time. */
  met(): void;
}

export function deadline(milliseconds: number): Deadline {
  const late = new AbortController();
  const gone = new AbortController();
  const timer = setTimeout(() => late.abort(new TimeoutError(milliseconds)), milliseconds);
  return {
    signal: AbortSignal.any([late.signal, gone.signal]),
    late: late.signal,
    left: () => {
      timer.unref();
      gone.abort(new ConflictError('The client left before the answer.'));
    },
    met: () => clearTimeout(timer),
  };
}
