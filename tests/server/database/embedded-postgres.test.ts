import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EmbeddedPostgres, runningDatabaseUrl } from '../../../server/src/database/embedded-postgres.js';
import { processStart } from '../../../server/src/database/process-identity.js';
import { EnvironmentError } from '../../../server/src/errors.js';

const root = process.getuid?.() === 0;
const deadPid = 2 ** 22 - 1;

describe('the embedded PostgreSQL', () => {
  let directory: string;
  let servers: EmbeddedPostgres[];
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'embedded-postgres-'));
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = async (
    options: { dataDirectory?: string; durable?: boolean; programs?: string; log?: (line: string) => void } = {},
  ): Promise<EmbeddedPostgres> => {
    const server = await EmbeddedPostgres.start({
      dataDirectory: directory,
      log: () => undefined,
      durable: false,
      ...options,
    });
    servers.push(server);
    return server;
  };
  const stop = async (server: EmbeddedPostgres): Promise<void> => {
    servers = servers.filter((other) => other !== server);
    await server.stop();
  };
  const refusal = async (): Promise<EnvironmentError> => {
    const error = await start().then(
      () => expect.unreachable('it started'),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(EnvironmentError);
    return error as EnvironmentError;
  };
  /** Leaves the server running as if the platform that started it had been killed. */
  const abandon = (server: EmbeddedPostgres): void => {
    servers = servers.filter((other) => other !== server);
    writeFileSync(path.join(directory, 'platform.lock'), JSON.stringify({ pid: deadPid, start: 'gone', since: '' }));
  };
  const postmasterPid = (): number =>
    Number(readFileSync(path.join(directory, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

  test('keeps what was written over a restart, and leaves no process behind', async () => {
    const first = await start();
    await run(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = postmasterPid();
    expect(processStart(pid)).not.toBeNull();
    await stop(first);
    expect(processStart(pid)).toBeNull();
    expect(readdirSync(directory).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
    const second = await start();
    expect(await run(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('takes connections from this machine only, with a password that only its user can read', async () => {
    const { url } = await start();
    expect(await run(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(run(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(statSync(path.join(directory, 'postgres.password')).mode & 0o777).toBe(0o600);
  });

  test('refuses a directory that another instance uses, naming its process, and lets that one work on', async () => {
    const first = await start();
    expect((await refusal()).message).toContain(`in use by another instance of the platform, process ${process.pid}`);
    expect(await run(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await runningDatabaseUrl(directory)).toBe(first.url);
  });

  test('takes over the server that a killed platform left running', async () => {
    const first = await start();
    await run(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = postmasterPid();
    abandon(first);
    expect(await runningDatabaseUrl(directory)).toBeNull();
    const second = await start();
    expect(postmasterPid()).toBe(pid);
    expect(second.url).toBe(first.url);
    expect(await run(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await stop(second);
    expect(processStart(pid)).toBeNull();
  });

  test('starts a server that it took over again when that one is killed', async () => {
    const first = await start({ durable: true });
    await run(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = postmasterPid();
    abandon(first);
    const second = await start({ durable: true });
    expect(postmasterPid()).toBe(pid);
    void second.keepRunning();
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(postmasterPid()).not.toBe(pid), { timeout: 50_000, interval: 50 });
    await vi.waitFor(async () => expect(await run(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]), {
      timeout: 50_000,
    });
  }, 120_000);

  test.each([
    ['empty', ''],
    ['half', '17\n/somewhere'],
  ])('starts where a full disk left postmaster.pid %s, and ends a server that still runs there', async (_, left) => {
    const first = await start();
    await run(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = postmasterPid();
    abandon(first);
    writeFileSync(path.join(directory, 'postgres', 'postmaster.pid'), left);
    expect(await runningDatabaseUrl(directory)).toBeNull();
    const second = await start();
    expect(processStart(pid)).toBeNull();
    expect(await run(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('replaces a server left running that no longer answers', async () => {
    const first = await start();
    await run(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = postmasterPid();
    abandon(first);
    process.kill(pid, 'SIGSTOP');
    const second = await start();
    expect(postmasterPid()).not.toBe(pid);
    expect(await run(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('recovers when the server itself was killed and its pid belongs to another program now', async () => {
    const first = await start({ durable: true });
    await run(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = postmasterPid();
    process.kill(pid, 'SIGKILL');
    await first.ended;
    abandon(first);
    const other = spawn('sleep', ['60']);
    const file = path.join(directory, 'postgres', 'postmaster.pid');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(other.pid)));
    const second = await start();
    expect(other.exitCode).toBeNull();
    other.kill();
    expect(await run(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('does not use what an interrupted set-up left', async () => {
    mkdirSync(path.join(directory, 'postgres.unfinished', 'base'), { recursive: true });
    const { url } = await start();
    expect(await run(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(path.join(directory, 'postgres.unfinished'))).toBe(false);
  });

  test('leaves a directory of somebody else alone', async () => {
    mkdirSync(path.join(directory, 'postgres'));
    writeFileSync(path.join(directory, 'postgres', 'thesis.txt'), 'the only copy');
    expect((await refusal()).message).toContain('neither empty nor a PostgreSQL cluster');
    expect(readdirSync(path.join(directory, 'postgres'))).toEqual(['thesis.txt']);
    expect(existsSync(path.join(directory, 'platform.lock'))).toBe(false);
  });

  test('leaves a cluster of another PostgreSQL alone', async () => {
    mkdirSync(path.join(directory, 'postgres'));
    writeFileSync(path.join(directory, 'postgres', 'PG_VERSION'), '15\n');
    expect((await refusal()).message).toMatch(/written by PostgreSQL 15, this platform brings PostgreSQL 18/);
  });

  test('says so when the password is lost', async () => {
    await stop(await start());
    rmSync(path.join(directory, 'postgres.password'));
    expect((await refusal()).message).toContain('password of the embedded PostgreSQL is missing');
  });

  test('says so when the directory cannot be made', async () => {
    writeFileSync(path.join(directory, 'file'), '');
    const error = await EmbeddedPostgres.start({
      dataDirectory: path.join(directory, 'file', 'data'),
      log: () => undefined,
    }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect((error as EnvironmentError).message).toMatch(
      /^DATA_DIR: expected a directory that this user can write to, found ".*file\/data" \(ENOTDIR/,
    );
  });

  test.runIf(process.platform === 'linux')('says so, too, where nothing at all can be made', async () => {
    await expect(EmbeddedPostgres.start({ dataDirectory: '/proc/ada-df', log: () => undefined })).rejects.toThrow(
      'DATA_DIR: expected a directory that this user can write to, found "/proc/ada-df" (ENOENT',
    );
  });

  test.runIf(root)('runs below a directory that is closed to its user, and keeps the data there', async () => {
    const home = path.join(directory, 'home');
    mkdirSync(home, { mode: 0o700 });
    const dataDirectory = path.join(home, 'project', 'data');
    const first = await start({ dataDirectory });
    await run(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await stop(first);
    expect(statSync(path.join(dataDirectory, 'postgres', 'PG_VERSION')).uid).not.toBe(0);
    const second = await start({ dataDirectory });
    expect(await run(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await stop(second);
    chmodSync(home, 0o755);
    const opened = await start({ dataDirectory });
    expect(await run(opened.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test.runIf(root)('runs a cluster that root has copied', async () => {
    const first = await start();
    await run(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await stop(first);
    const copy = mkdtempSync(path.join(directory, '..', 'embedded-postgres-copy-'));
    spawnSync('cp', ['-r', `${directory}/.`, copy]);
    expect(statSync(path.join(copy, 'postgres')).uid).toBe(0);
    const second = await start({ dataDirectory: copy });
    expect(await run(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await stop(second);
    rmSync(copy, { recursive: true });
  });

  test('closes a data directory again that chmod -R 777 or a volume opened, and says so', async () => {
    const first = await start();
    await run(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await stop(first);
    spawnSync('chmod', ['-R', '777', directory]);
    const said: string[] = [];
    const second = await start({ log: (line) => said.push(line) });
    expect(await run(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(said.join('\n')).toContain('was open to others (rights 0777); it is closed again (0700)');
    const rights = (name: string): number => statSync(path.join(directory, name)).mode & 0o777;
    expect([rights('postgres'), rights('postgres.password')]).toEqual([0o700, 0o600]);
  });

  test.runIf(root)('runs a cluster that another user made', async () => {
    await stop(await start());
    const nobody = 65534;
    spawnSync('chown', ['-R', `${nobody}:${nobody}`, path.join(directory, 'postgres')]);
    const { url } = await start();
    expect(await run(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(path.join(directory, 'postgres', 'postmaster.pid')).uid).toBe(nobody);
  });

  test.runIf(root)('runs when its programs are in a closed directory too', async () => {
    const home = path.join(directory, 'home');
    mkdirSync(home, { mode: 0o700 });
    const installed = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(
      `@embedded-postgres/linux-${process.arch}`,
    );
    cpSync(path.resolve(installed, '..', '..'), path.join(home, 'package'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    const said: string[] = [];
    const { url } = await start({
      dataDirectory: path.join(home, 'data'),
      programs: path.join(home, 'package', 'native'),
      log: (line) => said.push(line),
    });
    expect(await run(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

async function run(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as unknown[];
  } finally {
    await client.end();
  }
}
