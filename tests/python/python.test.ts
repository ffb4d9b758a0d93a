import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDataset } from '../support/seed-run.js';
import { testServer, type TestServer } from '../support/server.js';

const python = '/usr/bin/python3';
const file = path.join(import.meta.dirname, 'test_adadf.py');
const minutes = 60_000;

let server: TestServer;

beforeAll(async () => {
  server = await testServer();
  await seedDataset(server.database.dataSource);
});
afterAll(() => server.close());

describe('python/adadf.py', () => {
  test.skipIf(!existsSync(python))(
    'does what its own tests say; what is not installed is skipped by name',
    async () => {
      const { code, said } = await run([file, '-v']);
      console.log(said);
      expect(said).not.toContain('FAILED');
      expect(code).toBe(0);
    },
    10 * minutes,
  );

  test('records the authors’ method by as many lines as the documentation says', async () => {
    const root = path.join(import.meta.dirname, '../..');
    const [program, words] = await Promise.all(
      ['docs/examples/ada_df.py', 'docs/recording.md'].map((name) => readFile(path.join(root, name), 'utf8')),
    );
    const lines = program.split('\n').filter((line) => line.endsWith('# record'));
    expect([lines.length, words.includes('Seven of its lines record it')]).toEqual([7, true]);
  });

  test('is served, so that a notebook gets it with one line', async () => {
    const response = await fetch(`${server.url}/python/adadf.py`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/x-python; charset=utf-8']);
    expect(await response.text()).toContain('def start(');
  });
});

function run(command: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, command, {
      env: { ...process.env, ADADF_URL: server.url, PYTHONDONTWRITEBYTECODE: '1' },
    });
    let said = '';
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
}
