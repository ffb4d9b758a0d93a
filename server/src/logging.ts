import { AsyncLocalStorage } from 'node:async_hooks';
import { pino } from 'pino';

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof levels)[number];

/** `text`: for people. `json`: an object a line, for programs that collect logs. */
export type LogFormat = 'text' | 'json';

/** One line an event, to standard error: standard output is for results. */
export interface Logger {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  /** `error` adds its stack, for faults of the program; leave it out for what a person can mend. */
  error(line: string, error?: unknown): void;
}

/** What every line of JSON says beside its event while this work goes on, e.g. the id of a request. */
export const logScope = new AsyncLocalStorage<Readonly<Record<string, string>>>();

/** Passwords in addresses, and tokens: they end up in messages of libraries. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, '$1:***@'],
  [/\b(Bearer\s+|adadf_)[\w.~+/=-]{6,}/g, '$1***'],
];

/** @returns `text` without passwords of addresses and without tokens. */
function hideSecrets(text: string): string {
  return secrets.reduce((hidden, [pattern, instead]) => hidden.replace(pattern, instead), text);
}

/** `now` and `write` are for tests. */
export function createLogger(
  level: LogLevel,
  write: (text: string) => void = (text) => void process.stderr.write(text),
  now: () => Date = () => new Date(),
): Logger {
  const least = levels.indexOf(level);
  const at =
    (rank: LogLevel) =>
    (line: string, error?: unknown): void => {
      if (levels.indexOf(rank) < least) return;
      const stack =
        error === undefined ? '' : `\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      write(hideSecrets(`${now().toISOString().slice(11, 19)} ${rank.padEnd(5)} ${line}${stack}\n`));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** As `createLogger`, a JSON object a line: `time` (ISO 8601), `level`, `msg`, what `logScope` says, `error`. */
export function createJsonLogger(
  level: LogLevel,
  write: (text: string) => void = (text) => void process.stderr.write(text),
): Logger {
  const lines = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => logScope.getStore() ?? {},
    },
    { write: (text: string) => write(hideSecrets(text)) },
  );
  const faultOf = (error: unknown): object => ({
    error: error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) },
  });
  return {
    debug: (line) => lines.debug(line),
    info: (line) => lines.info(line),
    warn: (line) => lines.warn(line),
    error: (line, error) => lines.error(error === undefined ? {} : faultOf(error), line),
  };
}

export function openLogger({ logLevel, logFormat }: { logLevel: LogLevel; logFormat: LogFormat }): Logger {
  return logFormat === 'json' ? createJsonLogger(logLevel) : createLogger(logLevel);
}

/** Logs each stage of a start with the seconds it took. */
export function stages(log: Logger): <T>(what: string, work: () => Promise<T>) => Promise<T> {
  return async (what, work) => {
    const start = performance.now();
    const result = await work();
    log.info(`${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return result;
  };
}
