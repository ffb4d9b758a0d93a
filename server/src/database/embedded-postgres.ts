import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { messageOf } from '../errors.js';
import { DataDirectoryLock, lockHolder, prepareDataDirectory } from './data-directory.js';
import { readPostmaster } from './postgres-cluster.js';
import { processStart, signal } from './process-identity.js';
import { answer, connectionUrl, type EmbeddedPostgresOptions, startLocked, stopServer } from './start-postgres.js';

const databaseName = 'ada_df';
const clusterName = 'postgres';
const passwordName = 'postgres.password';
/** A server that ends this often within a minute has a trouble that starting it again does not mend. */
const restartLimit = 5;
const restartWindow = 60_000;

/**
 * A PostgreSQL server of our own below the data directory, on a free port of 127.0.0.1, and the lock on that directory.
 */
export class EmbeddedPostgres {
  private stopping = false;

  private constructor(
    readonly url: string,
    private pid: number,
    private readonly lock: DataDirectoryLock,
    /** Settles when the server ends. */
    readonly ended: Promise<void>,
    private readonly options: EmbeddedPostgresOptions,
  ) {
    process.once('exit', this.stopAtExit);
  }

  /**
   * Starts the server, or takes over the one that a killed platform left behind.
   *
   * @throws EnvironmentError where the directory cannot be written, another instance uses it, or the server does not
   * start.
   */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    prepareDataDirectory(options.dataDirectory);
    const lock = DataDirectoryLock.acquire(options.dataDirectory);
    try {
      const { pid, port, password, ended } = await startLocked(options);
      const server = new EmbeddedPostgres(connectionUrl(password, port, databaseName), pid, lock, ended, options);
      await createDatabaseIfMissing(connectionUrl(password, port, 'postgres')).catch(async (error: unknown) => {
        await server.stop();
        throw error;
      });
      return server;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * From now on starts the server again, on the same port, whenever it ends by itself. Settles when that does not help:
   * it ended
   * `restartLimit` times within a minute, or does not start.
   */
  async keepRunning(): Promise<void> {
    const restarts: number[] = [];
    for (let { ended } = this as { ended: Promise<void> }; ;) {
      await ended;
      if (this.stopping) return new Promise<void>(() => undefined);
      const now = performance.now();
      if (restarts.push(now) >= restartLimit && now - restarts.at(-restartLimit)! < restartWindow) return;
      this.options.log('the embedded PostgreSQL ended by itself; starting it again');
      try {
        const server = await startLocked(this.options, Number(new URL(this.url).port));
        this.pid = server.pid;
        ended = server.ended;
      } catch (error) {
        this.options.log(messageOf(error));
        return;
      }
      if (this.stopping) await stopServer(this.pid);
    }
  }

  /** Lets running statements go (a fast shutdown), keeps everything committed. */
  async stop(): Promise<void> {
    this.stopping = true;
    await stopServer(this.pid);
    this.lock.release();
    process.off('exit', this.stopAtExit);
  }

  /**
   * When the process ends without having stopped it: nothing may be awaited any more, but the server then ends by
   * itself.
   */
  private readonly stopAtExit = (): void => {
    if (processStart(this.pid) !== null) signal(this.pid, 'SIGINT');
  };
}

/** The database of the platform that uses this data directory now, or null: how a second process joins it. */
export async function runningDatabaseUrl(dataDirectory: string): Promise<string | null> {
  if (!lockHolder(dataDirectory)) return null;
  const postmaster = readPostmaster(path.join(dataDirectory, clusterName));
  const passwordFile = path.join(dataDirectory, passwordName);
  if (!postmaster || !existsSync(passwordFile)) return null;
  const url = connectionUrl(readFileSync(passwordFile, 'utf8').trim(), postmaster.port, databaseName);
  return (await answer(url)) === 'ready' ? url : null;
}

async function createDatabaseIfMissing(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(databaseName)}`);
  } finally {
    await client.end();
  }
}
