const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof levels)[number];

/** One line an event, to standard error: standard output is for results. */
export interface Logger {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  /** `error` adds its stack, for faults of the program; leave it out for what a person can mend. */
  error(line: string, error?: unknown): void;
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
      write(`${now().toISOString().slice(11, 19)} ${rank.padEnd(5)} ${line}${stack}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
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
