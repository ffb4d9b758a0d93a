import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '../../../server/src/logging.js';
import { WorkerProcesses } from '../../../server/src/platform/worker-processes.js';

let directory: string;
let workers: WorkerProcesses;
let printed: string[];
let troubles: (string | null)[];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ada-df-workers-'));
  [printed, troubles] = [[], []];
});
afterEach(async () => {
  await workers.stop();
  await rm(directory, { recursive: true });
});

/** Workers that run this program, started again at once. */
async function startWorkers(program: string, count = 1): Promise<void> {
  const file = path.join(directory, 'worker.mjs');
  await writeFile(file, program);
  workers = new WorkerProcesses({
    file,
    count,
    environment: { ...process.env, TRIES: path.join(directory, 'tries') },
    log: createLogger('info', (text) => printed.push(text)),
    onTrouble: (cause) => troubles.push(cause),
    restarts: [10],
    silence: { looks: 10, milliseconds: 100 },
  });
  workers.start();
}

const errors = (): string[] => printed.filter((line) => / error /.test(line));

test('workers that end three times alike are reported once, with what they said', async () => {
  await startWorkers(`import { registerEverything } from 'node:module';`, 2);
  await vi.waitFor(() => expect(troubles).toHaveLength(1), 20_000);
  const cause = "SyntaxError: The requested module 'node:module' does not provide an export named 'registerEverything'";
  expect(troubles).toEqual([cause]);
  const said = printed.length;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(errors()).toHaveLength(1);
  expect(errors()[0]).toContain(`no worker can start: ${cause}`);
  // The other worker may have been on its way; after that nothing is said, though both are tried again.
  expect(printed.length - said).toBeLessThan(15);
});

test('times and numbers of processes do not make two ends differ', async () => {
  await startWorkers(
    `console.error('12:00:0' + process.pid % 10 + ' error port ' + process.pid + ' is busy'); process.exit(3);`,
  );
  await vi.waitFor(() => expect(troubles).toEqual([expect.stringMatching(/^port \d+ is busy$/)]), 20_000);
});

test('ends for different reasons are each said, and started again', async () => {
  await startWorkers(`
    import { appendFileSync, readFileSync } from 'node:fs';
    appendFileSync(process.env.TRIES, 'x');
    const tries = readFileSync(process.env.TRIES, 'utf8').length;
    if (tries > 4) { console.log('worker ready: nothing'); setInterval(() => {}, 1000); }
    else throw new Error(['no memory', 'no disk'][tries % 2]);`);
  await vi.waitFor(() => expect(printed.join('')).toContain('worker ready'), 20_000);
  expect(troubles).toEqual([]);
  expect(errors()).toEqual([]);
  expect(await readFile(path.join(directory, 'tries'), 'utf8')).toBe('xxxxx');
});

test('one that trained and was killed is started again soon, and does not count as one that cannot start', async () => {
  await startWorkers(`
    import { appendFileSync } from 'node:fs';
    appendFileSync(process.env.TRIES, 'x');
    console.log('worker ready: nothing');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);`);
  await vi.waitFor(
    () => expect(printed.filter((line) => line.includes('worker ready')).length).toBeGreaterThan(5),
    20_000,
  );
  expect(troubles).toEqual([]);
  expect(errors()).toEqual([expect.stringContaining('ended 3 times within a minute (SIGKILL)')]);
});

test('one that is stopped, or whose kernel keeps it, is killed and started again', async () => {
  await startWorkers(`
    import { appendFileSync, readFileSync, writeSync } from 'node:fs';
    appendFileSync(process.env.TRIES, 'x');
    console.log('worker ready: nothing');
    const alive = () => writeSync(Number(process.env.ADADF_PULSE_DESCRIPTOR), '.');
    alive();
    setInterval(alive, 50);
    if (readFileSync(process.env.TRIES, 'utf8').length === 1) setTimeout(() => process.kill(process.pid, 'SIGSTOP'), 200);`);
  await vi.waitFor(() => expect(printed.filter((line) => line.includes('worker ready'))).toHaveLength(2), 20_000);
  expect(errors()).toEqual([expect.stringMatching(/worker 1 hangs \(process \d+\); it is killed/)]);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await readFile(path.join(directory, 'tries'), 'utf8')).toBe('xx');
});
