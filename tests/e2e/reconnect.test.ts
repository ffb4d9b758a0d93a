import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file),
);

let directory: string;
let port: number;
let child: ChildProcess;
let output = '';
let browser: Browser;
let page: Page;

describe.skipIf(!executablePath)('a page that is open while the server is killed and started again', () => {
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'ada-df-reconnect-'));
    port = await freePort();
    await startPlatform();
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    page = await browser.newPage();
    page.setDefaultTimeout(90_000);
  });
  afterAll(async () => {
    await browser?.close();
    await end('SIGTERM');
    await rm(directory, { recursive: true, force: true });
  });

  test('says that the connection is lost, comes back by itself and shows what happened meanwhile', async () => {
    await adadf('draw-faces', '--size', 'tiny', '--name', 'tiny-faces', '--seed', '3');
    const { datasets } = await data('{ datasets { id } }');
    // Long enough to be seen under way by a page that takes its time.
    const input = { dataset: datasets[0].id, width: 8, imageSize: 32, epochs: 40, batchSize: 16, name: 'cut run' };
    const { startTraining } = await data(
      'mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id } }',
      { input },
    );
    await page.goto(`http://127.0.0.1:${port}/runs/${startTraining.id}`);
    const state = page.getByTestId('run-state');
    await state.filter({ hasText: /running/i }).waitFor();
    await page.evaluate(() => ((globalThis as any).sameDocument = true));
    await end('SIGKILL');
    const notice = page.getByTestId('connection').getByText('Connection lost');
    await notice.waitFor();
    await startPlatform();
    await notice.waitFor({ state: 'detached', timeout: 60_000 });
    await state.filter({ hasText: /completed/i }).waitFor({ timeout: 240_000 });
    await page.getByText('40 of 40').first().waitFor();
    expect(await page.evaluate(() => (globalThis as any).sameDocument)).toBe(true);
  }, 480_000);
});

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: '',
    DATA_DIR: path.join(directory, 'data'),
    PORT: String(port),
    DEMO: 'false',
  };
}

async function startPlatform(): Promise<void> {
  const started = spawn(process.execPath, ['dist/server/src/main.js'], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  output = '';
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const limit = performance.now() + 90_000;
  while (!/Ada-DF platform on/.test(output)) {
    if (started.exitCode !== null || performance.now() > limit)
      throw new Error(`The platform did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function end(signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}

async function data<T = Record<string, any>>(query: string, variables: object = {}): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as { data: T; errors?: unknown };
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

function adadf(...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const command = spawn(process.execPath, ['dist/server/src/cli.js', ...args], {
      env: environment(),
      stdio: 'ignore',
    });
    command.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`adadf ended with ${code}`))));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: found } = probe.address() as AddressInfo;
      probe.close(() => resolve(found));
    });
  });
}
