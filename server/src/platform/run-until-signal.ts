import { earlySignalCame } from '../early-signal.js';
import { messageOf, PlatformError } from '../errors.js';
import { createLogger, type Logger } from '../logging.js';

/**
 * npm hands a Ctrl-C on to a process that the terminal has already sent it to: a second one counts when it comes later
 * than this.
 */
const echoMilliseconds = 500;
export const stopSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** After this a stop that hangs is cut short. */
const closeLimit = 9_500;

interface Service<T> {
  log: Logger;
  /** `broken` rejects when it cannot go on; `done` resolves when it has nothing more to do. */
  start(signal: AbortSignal): Promise<T & { broken: Promise<never>; done?: Promise<string> }>;
  close(): Promise<void>;
}

/**
 * Runs a service from its start to one of `signals` or to its own end, closes it and exits: 0 after these, 1 after an
 * error. A signal in the middle of the start undoes it; a second one does not wait.
 */
export async function runUntilSignal<T>(
  prepare: () => Service<T>,
  started: (service: T) => void,
  signals: readonly NodeJS.Signals[] = stopSignals,
): Promise<never> {
  let service: Service<T> | null = null;
  const stop = new AbortController();
  const stopped = onSignals(signals, stop, () => service?.log);
  let failure: unknown = null;
  try {
    service = prepare();
    if (stop.signal.aborted) throw stop.signal.reason;
    const running = await service.start(stop.signal);
    started(running);
    const done = running.done?.then((why) => service?.log.info(`ends: ${why}`));
    await Promise.race([stopped, running.broken, ...(done ? [done] : [])]);
  } catch (error) {
    if (!stop.signal.aborted) failure = error;
  }
  const log = service?.log ?? createLogger('error');
  if (failure) {
    report(failure, log);
    limitClosing(log);
  }
  await service?.close();
  process.exit(failure ? 1 : 0);
}

/** Resolves at the first signal, when `stop` has been aborted. */
function onSignals(
  signals: readonly NodeJS.Signals[],
  stop: AbortController,
  log: () => Logger | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    let first = 0;
    const onSignal = (signal: NodeJS.Signals): void => {
      const now = performance.now();
      if (!stop.signal.aborted) {
        first = now;
        log()?.info(`stopping (${signal}); once more to stop at once`);
        stop.abort();
        limitClosing(log());
        resolve();
      } else if (now - first > echoMilliseconds) process.exit(130);
    };
    for (const signal of signals) process.on(signal, onSignal);
    if (signals.includes('SIGUSR1') && earlySignalCame()) onSignal('SIGUSR1');
  });
}

/** What a person can mend is a message; a fault of the program comes with its stack. */
function report(error: unknown, log: Logger): void {
  if (error instanceof PlatformError) log.error(messageOf(error));
  else log.error('the platform failed', error);
}

function limitClosing(log: Logger | undefined): void {
  const cut = (): never => {
    log?.warn(`stopping took more than ${closeLimit / 1000} s and was cut short`);
    process.exit(1);
  };
  setTimeout(cut, closeLimit).unref();
}
