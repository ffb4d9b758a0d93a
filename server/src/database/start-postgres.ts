import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { EnvironmentError, messageOf } from '../errors.js';
import { takeBackRights } from './cluster-rights.js';
import { postgresAccount } from './postgres-account.js';
import { postgresBinaries } from './postgres-binaries.js';
import { PostgresCluster, type PostmasterFile } from './postgres-cluster.js';
import { endsWithin, processesIn, processStart, runsIn, signal, untilEnded } from './process-identity.js';

const superuser = 'ada_df';
const clusterName = 'postgres';
const passwordName = 'postgres.password';
/** After a crash the server first replays its log. */
const startLimit = 60_000;
/** A server that was left behind and does not answer gets this long to get ready before it is stopped. */
const adoptionLimit = 10_000;
/** How long a server takes to write its postmaster.pid. */
const wholeFileLimit = 3_000;
const fastStopLimit = 3_000;
const startAttempts = 3;
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

/** A server of ours that answers. */
export interface RunningServer {
  pid: number;
  port: number;
  password: string;
  /** Settles when its process ends, whoever started it. */
  ended: Promise<void>;
}

/** @param port to start on; a free one, unless told. */
export async function startLocked(options: EmbeddedPostgresOptions, port?: number): Promise<RunningServer> {
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
  const left = await leftBehind(cluster);
  if (left && (await adopted(cluster, left, password))) {
    options.log(`took over the PostgreSQL that an earlier start left running (process ${left.pid})`);
    return { ...left, password, ended: untilEnded(left.pid) };
  }
  await stopUnnamed(cluster);
  cluster.forgetPostmaster();
  return startServer(cluster, password, options.durable === false ? volatileSettings : {}, port);
}

/** What the server of an earlier start says of itself. One that was just being started has not written it all yet. */
async function leftBehind(cluster: PostgresCluster): Promise<PostmasterFile | null> {
  const deadline = performance.now() + wholeFileLimit;
  for (;;) {
    const left = cluster.postmaster();
    if (left || processesIn(cluster.realDirectory(), 'postgres').length === 0 || performance.now() > deadline)
      return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * A full disk or a power cut leaves an empty postmaster.pid, which says nothing of a server that may still run: it is
 * known by its working directory. Its children end with it.
 */
async function stopUnnamed(cluster: PostgresCluster): Promise<void> {
  for (const pid of processesIn(cluster.realDirectory(), 'postgres'))
    if (processStart(pid) !== null) await stopServer(pid);
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
export async function answer(url: string): Promise<'ready' | 'starting' | 'silent' | 'refused us'> {
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
export async function stopServer(pid: number): Promise<void> {
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

export function connectionUrl(password: string, port: number, database: string): string {
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
