import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a connection says that broke, or cannot be made: the operating system's codes, and PostgreSQL's classes 08
 * (connection) and 57P (operator).
 */
const outageCodes = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|08\w{3}|57P0[1-5])$/;
const outageWords =
  /Connection terminated|connection timeout|Client has encountered a connection error|Driver not Connected|the database system is/i;
/** TypeORM, of a runner whose connection ended in the middle of a transaction. */
const releasedWords = /query runner (was )?already released/i;
const retryMilliseconds = 250;

/** Whether the database is away, rather than unwilling. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError, errors } = error as Error & { code?: string; driverError?: unknown; errors?: unknown[] };
  return (
    (code !== undefined && outageCodes.test(code)) ||
    outageWords.test(error.message) ||
    releasedWords.test(error.message) ||
    (driverError !== error && isDatabaseOutage(driverError)) ||
    (errors?.some(isDatabaseOutage) ?? false)
  );
}

/**
 * Does `work` again until the database answers: a restart of it takes seconds. `work` may have been done although its
 * answer was lost, so it has to
 * find that out by itself.
 * @throws what `work` threw when it is no outage, or the outage after `patience` milliseconds.
 */
export async function throughOutages<T>(
  work: () => Promise<T>,
  patience: number,
  log: (line: string) => void,
): Promise<T> {
  const start = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseOutage(error) || performance.now() - start > patience) throw error;
      if (attempt === 1) log('the database is away; waiting for it');
      await sleep(retryMilliseconds);
    }
  }
}
