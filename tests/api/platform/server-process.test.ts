import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endsWithin, processStart } from '../../../server/src/database/process-identity.js';

/** The built program, as `npm start` runs it. */
describe('the platform as a process', () => {
  let directory: string;
  let started: ChildProcess[];
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'platform-process-'));
    started = [];
  });
  afterEach(async () => {
    for (const child of started)
      if (child.exitCode === null && child.signalCode === null) await signalled(child, 'SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  });

  const run = (variables: Record<string, string> = {}): { child: ChildProcess; output: () => string } => {
    const environment: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: '',
      DATA_DIR: path.join(directory, 'data'),
      PORT: '0',
      WORKERS: '0',
      DEMO: 'false',
      LOG_LEVEL: 'info',
      ...variables,
    };
    const child = spawn(process.execPath, ['dist/server/src/main.js'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    started.push(child);
    return { child, output: () => text };
  };
  const ready = async ({ child, output }: ReturnType<typeof run>): Promise<string> => {
    for (;;) {
      const [, url] = /platform on (http:\S+)/.exec(output()) ?? [];
      if (url) return url;
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const failed = async (variables: Record<string, string>): Promise<string> => {
    const { child, output } = run(variables);
    expect(await exit(child)).toBe(1);
    return output();
  };
  const postmaster = (): number =>
    Number(readFileSync(path.join(directory, 'data', 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends it within five seconds, and its PostgreSQL with it',
    async (signal) => {
      const platform = run();
      const url = await ready(platform);
      expect((await fetch(url)).status).toBe(200);
      const pid = postmaster();
      const start = performance.now();
      expect(await signalled(platform.child, signal)).toBe(0);
      expect(performance.now() - start).toBeLessThan(5_000);
      expect(processStart(pid)).toBeNull();
      expect(readdirSync(path.join(directory, 'data')).sort()).toEqual([
        'postgres',
        'postgres.log',
        'postgres.password',
        'store.json',
      ]);
    },
  );

  test('a signal in the middle of the start undoes it', async () => {
    const platform = run();
    while (!platform.output().includes('setting up')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await signalled(platform.child, 'SIGINT')).toBe(0);
    expect(existsSync(path.join(directory, 'data', 'platform.lock'))).toBe(false);
    expect(existsSync(path.join(directory, 'data', 'postgres', 'postmaster.pid'))).toBe(false);
  });

  test('killed, it leaves its PostgreSQL to the next start', async () => {
    const platform = run();
    await ready(platform);
    const pid = postmaster();
    platform.child.kill('SIGKILL');
    await exit(platform.child);
    const again = run();
    await ready(again);
    expect(postmaster()).toBe(pid);
    expect(again.output()).toContain('took over the PostgreSQL');
    expect(await signalled(again.child, 'SIGTERM')).toBe(0);
    expect(await endsWithin(pid, 2_000)).toBe(true);
  });

  test('a port in use is said before anything is made', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const said = await failed({ PORT: String(port) });
    other.close();
    expect(said).toContain(`PORT: ${port} on 127.0.0.1 is in use by another program.`);
    expect(said).not.toContain('    at ');
    expect(readdirSync(directory)).toEqual([]);
  });

  test('wrong variables are all named at once, without a stack', async () => {
    const said = await failed({ PORT: 'door', WORKERS: '-1', DATABASE_URL: 'mysql://elsewhere' });
    for (const name of ['PORT="door"', 'WORKERS="-1"', 'DATABASE_URL="mysql://elsewhere"'])
      expect(said).toContain(name);
    expect(said).not.toContain('    at ');
    expect(readdirSync(directory)).toEqual([]);
  });

  test('a second instance on the same data is refused, and the first goes on', async () => {
    const first = run();
    const url = await ready(first);
    expect(await failed({})).toContain(`in use by another instance of the platform, process ${first.child.pid}`);
    expect((await fetch(url)).status).toBe(200);
  });

  test('a worker that ends is started again, and does not outlive a platform that is killed', async () => {
    const platform = run({ WORKERS: '1', BACKEND: 'cpu' });
    await ready(platform);
    const first = await worker(platform.child);
    process.kill(first, 'SIGKILL');
    const second = await worker(platform.child, first);
    expect(platform.output()).toContain('worker 1 ended (SIGKILL); starting it again in 1 s');
    platform.child.kill('SIGKILL');
    expect(await endsWithin(second, 10_000)).toBe(true);
  });
});

/** The pid of the platform's worker, another than `not`. */
async function worker(platform: ChildProcess, not?: number): Promise<number> {
  for (;;) {
    const children = readFileSync(`/proc/${platform.pid}/task/${platform.pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
    const found = children.find(
      (pid) => pid !== not && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.js'),
    );
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function exit(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

function signalled(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = exit(child);
  child.kill(signal);
  return ended;
}
