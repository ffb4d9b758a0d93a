import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest';
import type { Reading } from '../../../server/src/untrusted/reading.js';
import { ReadingProcesses } from '../../../server/src/untrusted/reading-processes.js';

const built = path.resolve('dist/server/src/untrusted/serve-readings.js');
/** Readings that misbehave, as what comes from outside makes ours do. */
const program = `
import { serveReadings } from ${JSON.stringify(built)};
const reading = (name, read) => [name, async () => ({ name, limits: {}, read })];
serveReadings(Object.fromEntries([
  reading('echo', async (input, { progress }) => (progress(1), input)),
  reading('hang', async () => { for (;;); }),
  reading('silent', () => new Promise(() => undefined)),
  reading('memory', async () => { const kept = []; for (;;) { kept.push(Buffer.alloc(5e7, 1)); await new Promise((done) => setTimeout(done, 20)); } }),
  reading('heap', async () => { const kept = []; for (;;) kept.push(new Array(1000).fill({})); }),
  reading('exit', async () => process.exit(3)),
  reading('throw', async () => { throw Object.assign(new Error('full'), { code: 'ENOSPC' }); }),
  reading('wait', (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))),
]));`;

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'readings-'));
  file = path.join(directory, 'reader.mjs');
  await writeFile(file, program);
});
afterAll(() => rm(directory, { recursive: true }));

let reader: ReadingProcesses;
afterEach(() => reader.close());

const named = (name: string, limits: Partial<Reading<unknown, unknown>['limits']> = {}): Reading<unknown, unknown> => ({
  name,
  limits: { seconds: 60, silentSeconds: 60, megabytes: 2000, ...limits },
  read: async () => undefined,
});

/** `npm test` builds before it tests. */
describe.skipIf(!existsSync(built))('readings in processes of their own', () => {
  const open = (most = 1, idle = 60_000): ReadingProcesses =>
    (reader = new ReadingProcesses({ file, most, heapMegabytes: 200, log: () => undefined, idle }));

  test('answer with what was read and how far they are, and end when nobody asks', async () => {
    open(1, 300);
    const progress: unknown[] = [];
    const input = { numbers: Float32Array.of(1, 2), map: new Map([['a', 1]]) };
    expect(await reader.ask(named('echo'), input, { onProgress: (said) => progress.push(said) })).toEqual(input);
    expect([progress, reader.running]).toEqual([[1], 1]);
    await expect.poll(() => reader.running, { timeout: 10_000 }).toBe(0);
  });

  test.each([
    ['that hold their thread', 'hang', { silentSeconds: 2 }, /nothing was heard of it for 2 s/],
    ['that take too long', 'silent', { seconds: 3 }, /it took more than 3 s/],
    ['that fill the memory', 'memory', { megabytes: 500 }, /it took more than 500 MB of memory/],
    ['that fill the heap', 'heap', {}, /its process ended/],
    ['that end their process', 'exit', {}, /its process ended \(exit code 3\)/],
  ])('%s are stopped with a sentence, and the next is answered', async (_, name, limits, why) => {
    open();
    const failed = reader.ask(named(name, limits), null, { what: 'the file a.pth' });
    await expect(failed).rejects.toMatchObject({
      code: 'READING_STOPPED',
      message: expect.stringMatching(new RegExp(`^Reading the file a.pth was stopped: ${why.source}`)),
    });
    expect(await reader.ask(named('echo'), 7)).toBe(7);
  });

  test('that hang do not hold up others', async () => {
    open(2);
    const hung = reader.ask(named('hang', { silentSeconds: 10 }), null).catch((error: unknown) => error);
    for (let n = 0; n < 20; n++) expect(await reader.ask(named('echo'), n)).toBe(n);
    expect(await hung).toMatchObject({ code: 'READING_STOPPED' });
  });

  test('throw what the reading threw, with its code', async () => {
    open();
    await expect(reader.ask(named('throw'), null)).rejects.toMatchObject({ message: 'full', code: 'ENOSPC' });
    await expect(reader.ask(named('constructor'), null)).rejects.toThrow('There is no reading called constructor.');
  });

  test('can be stopped by whoever asked', async () => {
    open();
    const stop = new AbortController();
    const asked = reader.ask(named('wait'), null, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 100);
    await expect(asked).rejects.toThrow('enough');
    expect(await reader.ask(named('echo'), 1)).toBe(1);
  });
});
