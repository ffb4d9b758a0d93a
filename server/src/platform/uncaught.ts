import { requestScope } from '../api/request-scope.js';
import { isDatabaseOutage } from '../database-outage.js';
import { messageOf } from '../errors.js';
import type { Logger } from '../logging.js';

/** Codes and names of connections that a client has left: nothing is wrong here. */
const left: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECANCELED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'AbortError',
  'ResponseAborted',
]);

/** Leaves the program a moment to close what it has open. */
const exitMilliseconds = 10_000;

/**
 * What nobody caught: logged; where it belongs to a request, that ends and the rest goes on; where the database went
 * away, everything goes on; else the state of the program is unknown and it ends, for whoever watches it to start it
 * again. Next's own handler says nothing and goes on.
 * @param close closes everything in order. @param exit for tests.
 */
export function handleUncaught(
  log: Logger,
  close: () => Promise<void>,
  exit: (code: number) => void = (code) => process.exit(code),
): (error: unknown) => void {
  let ending = false;
  return (error) => {
    const { code, name } = (error ?? {}) as NodeJS.ErrnoException;
    if (left.has(code ?? '') || left.has(name ?? '')) return log.debug(`a connection ended: ${messageOf(error)}`);
    const scope = requestScope.getStore();
    if (scope) {
      log.error(`${scope.what} failed where nobody caught it; the request was ended`, error);
      scope.end();
      return;
    }
    // The database comes back, and everything that asks it again finds it: what failed is no state of this program.
    if (isDatabaseOutage(error)) return log.warn(`the database went away under something: ${messageOf(error)}`);
    log.error('an error was caught nowhere; the platform ends, for its state is unknown', error);
    if (ending) return;
    ending = true;
    setTimeout(() => exit(1), exitMilliseconds).unref();
    void close().finally(() => exit(1));
  };
}
