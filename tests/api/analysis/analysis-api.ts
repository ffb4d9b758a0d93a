import pg from 'pg';
import type { TestDatabase } from '../../support/database.js';
import { testServer } from '../../support/server.js';

export interface AnalysisApi {
  database: TestDatabase;
  /** The data of an operation. @throws RefusedError with the first error of the answer. */
  ask(document: string, variables?: Record<string, unknown>): Promise<any>;
  close(): Promise<void>;
}

export class RefusedError extends Error {
  constructor(
    message: string,
    /** `code`, and what it is about, e.g. `path`. */
    readonly extensions: Record<string, unknown>,
  ) {
    super(message);
  }
}

/** The real API over a database of its own, which a test fills with `seedDataset` and `seedRun`. */
export async function analysisApi(): Promise<AnalysisApi> {
  const server = await testServer();
  const ask = async (document: string, variables?: Record<string, unknown>): Promise<any> => {
    const { data, errors } = await server.query(document, variables);
    if (errors) throw new RefusedError(errors[0]!.message, errors[0]!.extensions);
    return data;
  };
  return { database: server.database, ask, close: () => server.close() };
}

/** SELECT statements that reach the driver while `work` runs, those of the job queue not counted. */
export async function countSelects(work: () => Promise<unknown>): Promise<number> {
  const original = pg.Client.prototype.query;
  let selects = 0;
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
    const text = typeof parameters[0] === 'string' ? parameters[0] : String((parameters[0] as { text?: string }).text);
    if (/^\s*SELECT/i.test(text) && !/pgboss|run_event/.test(text)) selects++;
    return original.apply(this, parameters as never);
  } as never;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = original;
  }
  return selects;
}
