import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { EnvironmentError, messageOf } from '../errors.js';
import { takeBackRights } from './cluster-rights.js';
import { DataDirectoryLock, lockHolder, prepareDataDirectory } from './data-directory.js';
import { postgresAccount } from './postgres-account.js';
import { postgresBinaries } from './postgres-binaries.js';
import { PostgresCluster, type PostmasterFile } from './postgres-cluster.js';
import { endsWithin, processStart, runsIn, signal } from './process-identity.js';

const superuser = 'ada_df';
const databaseName = 'ada_df';
const clusterName = 'postgres';
const passwordName = 'postgres.password';
/** After a crash the server first replays its log. */
const startLimit = 60_000;
/** A server that was left behind and does not answer gets this long to get ready before it is stopped. */
const adoptionLimit = 10_000;
const fastStopLimit = 3_000;
const startAttempts = 3;
/** A server that ends this often within a minute has a trouble that starting it again does not mend. */
const restartLimit = 5;
const restartWindow = 60_000;
/** What another try may not meet: somebody took the port in between; children of a killed server have not ended yet. */
const passing = ['could not bind', 'pre-existing shared memory block'];
/** Nothing survives a power cut; for tests. */
const volatileSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export interface EmbeddedPostgresOptions {
  /** Absolute; made where missing. The cluster is `postgres/` in it. */
  dataDirectory: string;
  log: (line: string) => void;
  /** False: faster, and lost in a power cut. */
  durable?: boolean;
  /** Where the programs lie; where npm put them, unless told. */
  programs?: string;
}

/**
 * A PostgreSQL server of our own below the data directory, on a free port of 127.0.0.1, and the lock on that directory.
 */
export class EmbeddedPostgres {
  private stopping = false;

  private constructor(
    readonly url: string,
    private pid: number,
    private readonly lock: DataDirectoryLock,
    /** Settles when the server ends; never where it was adopted from a platform that was killed. */
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
  const postmaster = path.join(dataDirectory, clusterName, 'postmaster.pid');
  if (!lockHolder(dataDirectory) || !existsSync(postmaster)) return null;
  const port = Number(readFileSync(postmaster, 'utf8').split('\n')[3]);
  const url = connectionUrl(readFileSync(path.join(dataDirectory, passwordName), 'utf8').trim(), port, databaseName);
  return (await answer(url)) === 'ready' ? url : null;
}

interface RunningServer {
  pid: number;
  port: number;
  password: string;
  ended: Promise<void>;
}

/** @param port to start on; a free one, unless told. */
async function startLocked(options: EmbeddedPostgresOptions, port?: number): Promise<RunningServer> {
  const { dataDirectory } = options;
  takeBackRights(path.join(dataDirectory, clusterName), path.join(dataDirectory, passwordName), options.log);
  const account = postgresAccount(path.join(options.dataDirectory, clusterName), options.log);
  const cluster = new PostgresCluster(
    path.join(options.dataDirectory, clusterName),
    superuser,
    postgresBinaries(account, options.log, options.programs),
    account,
  );
  const exists = cluster.exists();
  const password = passwordOf(options.dataDirectory, exists);
  if (!exists) {
    options.log('setting up the embedded PostgreSQL');
    await cluster.create(password, options.durable !== false);
  }
  const left = cluster.postmaster();
  if (left) {
    if (await adopted(cluster, left, password)) {
      options.log(`took over the PostgreSQL that an earlier start left running (process ${left.pid})`);
      return { ...left, password, ended: new Promise<void>(() => undefined) };
    }
    cluster.forgetPostmaster();
  }
  return startServer(cluster, password, options.durable === false ? volatileSettings : {}, port);
}

async function startServer(
  cluster: PostgresCluster,
  password: string,
  settings: Record<string, string>,
  given?: number,
): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    const port = given ?? (await freePort());
    const server = await cluster.startServer(port, settings);
    const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    try {
      await untilReady(server, connectionUrl(password, port, 'postgres'));
      return { pid: server.pid!, port, password, ended };
    } catch (error) {
      if (server.pid !== undefined) await stopServer(server.pid);
      const words = cluster.lastWords();
      if (attempt < startAttempts && passing.some((trouble) => words.includes(trouble))) continue;
      throw new EnvironmentError(
        `The embedded PostgreSQL did not start (${messageOf(error)}). Its last words, from ${cluster.logFile}:\n${words}`,
      );
    }
  }
}

/**
 * Whether the server of `postmaster` is alive, is ours and takes our password; one that is ours but does not answer is
 * stopped.
 */
async function adopted(cluster: PostgresCluster, postmaster: PostmasterFile, password: string): Promise<boolean> {
  if (!runsIn(postmaster.pid, cluster.realDirectory())) return false;
  const url = connectionUrl(password, postmaster.port, 'postgres');
  const deadline = performance.now() + adoptionLimit;
  for (;;) {
    const state = await answer(url);
    if (state === 'ready') return true;
    if (state !== 'starting' || performance.now() > deadline) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stopServer(postmaster.pid);
  return false;
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  let failure: Error | null = null;
  server.once('error', (error) => (failure = error));
  const deadline = performance.now() + startLimit;
  while (performance.now() < deadline) {
    if (failure) throw failure;
    if (server.exitCode !== null || server.signalCode !== null)
      throw new Error(`it ended with ${server.exitCode ?? server.signalCode}`);
    const state = await answer(url);
    if (state === 'ready') return;
    if (state === 'refused us') throw new Error('it does not take the password kept in the data directory');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it was not ready after ${startLimit / 1000} s`);
}

/** SQLSTATE 57P03: starting up, shutting down or recovering. 28xxx: the server does not know us. */
async function answer(url: string): Promise<'ready' | 'starting' | 'silent' | 'refused us'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return 'ready';
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (code.startsWith('28')) return 'refused us';
    return code === '57P03' ? 'starting' : 'silent';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** SIGINT: a fast shutdown. SIGQUIT: at once; the next start replays the log. */
async function stopServer(pid: number): Promise<void> {
  for (const [name, patience] of [
    ['SIGINT', fastStopLimit],
    ['SIGQUIT', 2_000],
    ['SIGKILL', 1_000],
  ] as const) {
    if (processStart(pid) === null) return;
    signal(pid, name);
    if (await endsWithin(pid, patience)) return;
  }
  throw new EnvironmentError(`The embedded PostgreSQL, process ${pid}, does not end.`, { pid });
}

function passwordOf(dataDirectory: string, clusterExists: boolean): string {
  const file = path.join(dataDirectory, passwordName);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (clusterExists)
    throw new EnvironmentError(
      `The password of the embedded PostgreSQL is missing: expected it in "${file}". Nothing was changed.`,
    );
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
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

function connectionUrl(password: string, port: number, database: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
