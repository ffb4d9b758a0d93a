import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let directory: string;
beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'heartbeat-'));
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

/** A process with a heartbeat of the built program, whose main thread then does `work`; how it ended, and what it said. */
async function worker(work: string): Promise<{ end: string; said: string }> {
  const dist = path.resolve('dist/server/src/training');
  const program = `
    import { Heartbeat } from '${dist}/heartbeat.js';
    import { Pulse } from '${dist}/pulse.js';
    const pulse = new Pulse();
    const heartbeat = new Heartbeat(process.env.DATABASE_URL, 1, { pulse }, () => undefined);
    heartbeat.hold({ row: 7, lease: 1 }, 3);
    setTimeout(() => { ${work} }, 1500);`;
  const file = path.join(directory, 'worker.mjs');
  await writeFile(file, program);
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, DATABASE_URL: database.url },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const end = await new Promise<string>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? String(code))),
  );
  return { end, said };
}

const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';

test('a worker whose main thread waits for ever ends, and says so', async () => {
  expect(await worker(wait)).toEqual({
    end: 'SIGKILL',
    said: expect.stringMatching(/error its main thread hangs \(run_7\); the worker ends/),
  });
});

test('a worker whose threads of branches do not answer ends', async () => {
  expect(await worker('pulse.asked();')).toEqual({
    end: 'SIGKILL',
    said: expect.stringMatching(/error the threads of its branches hang \(run_7\)/),
  });
});

test('one in a step that takes long, but goes from kernel to kernel, goes on', async () => {
  const step = `const end = performance.now() + 6000; while (performance.now() < end) pulse.main(); process.exit(0);`;
  expect(await worker(step)).toEqual({ end: '0', said: '' });
});
