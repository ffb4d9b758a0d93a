import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDataSource } from '../../../server/src/database/data-source.js';
import { runningDatabaseUrl } from '../../../server/src/database/embedded-postgres.js';
import { rowOf } from '../../../server/src/graphql/global-id.js';
import { randomFrom } from '../../../server/src/random.js';
import { runFingerprint, type RunFingerprint } from '../../support/run-fingerprint.js';

/** The built program with its own database and worker. */
let directory: string;
let platform: { child: ChildProcess; url: string; output: () => string };

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'killed-platform-'));
  await pictures(path.join(directory, 'coloured'));
});
afterAll(async () => {
  await ended('SIGTERM');
  await rm(directory, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: 'production',
  DATABASE_URL: '',
  DATA_DIR: path.join(directory, 'data'),
  PORT: '0',
  WORKERS: '1',
  THREADS: '1',
  DEMO: 'false',
});

async function startPlatform(): Promise<void> {
  const child = spawn(process.execPath, ['dist/server/src/main.js'], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  platform = { child, url: '', output: () => text };
  platform.url = await until(() => {
    if (child.exitCode !== null) throw new Error(text);
    return /platform on (http:\S+)/.exec(text)?.[1] ?? null;
  });
}

function ended(signal: NodeJS.Signals): Promise<unknown> {
  const { child } = platform;
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return exit;
}

async function until<T>(look: () => Promise<T | null> | T | null, milliseconds = 90_000): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`Not so after ${milliseconds} ms: ${look}\n${platform.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Pictures of three hues, noisy enough that two epochs differ. */
async function pictures(root: string): Promise<void> {
  const random = randomFrom(3);
  for (const [split, count] of [
    ['train', 96],
    ['validation', 24],
  ] as const) {
    for (let place = 0; place < count; place++) {
      const label = place % 3;
      const folder = path.join(root, split, ['red', 'green', 'blue'][label]!);
      await mkdir(folder, { recursive: true });
      const pixels = Uint8Array.from(
        { length: 32 * 32 * 3 },
        (_, value) => (value % 3 === label ? 190 : 40) + random.integer(60),
      );
      await sharp(pixels, { raw: { width: 32, height: 32, channels: 3 } })
        .png()
        .toFile(path.join(folder, `${place}.png`));
    }
  }
}

async function data<T = Record<string, any>>(query: string, variables: object = {}): Promise<T> {
  const response = await fetch(`${platform.url}/graphql`, {
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
    const child = spawn(process.execPath, ['dist/server/src/cli.js', ...args], { env: environment(), stdio: 'ignore' });
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`adadf ended with ${code}`))));
  });
}

const start = async (dataset: string): Promise<string> =>
  (
    await data(`mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id } }`, {
      input: { dataset, width: 16, imageSize: 32, batchSize: 12, epochs: 6, threshold: 0.5, seed: 5 },
    })
  ).startTraining.id;

/** The run as soon as it is so; an API that is down is asked again. */
const run = (
  id: string,
  isSo: (run: { state: string; error: string | null; progress: { phase: string; epoch: number } | null }) => boolean,
): Promise<unknown> =>
  until(async () => {
    const found = await data(`query ($id: ID!) { trainingRun(id: $id) { state error progress { phase epoch } } }`, {
      id,
    }).catch(() => null);
    if (found?.trainingRun.state === 'FAILED') throw new Error(found.trainingRun.error);
    return found && isSo(found.trainingRun) ? found.trainingRun : null;
  });

async function fingerprint(id: string): Promise<RunFingerprint> {
  const dataSource = await createDataSource((await runningDatabaseUrl(path.join(directory, 'data')))!).initialize();
  const found = await runFingerprint(dataSource, rowOf('run', id));
  await dataSource.destroy();
  return found;
}

test('a run goes on after kill -9 of the database and of the API, and ends with the same bits as one that was left alone', async () => {
  await startPlatform();
  await adadf('import', 'folder', path.join(directory, 'coloured'));
  const dataset: string = (await data('{ datasets { id } }')).datasets[0].id;
  const alone = await start(dataset);
  await run(alone, ({ state }) => state === 'COMPLETED');
  const left = await fingerprint(alone);

  const killed = await start(dataset);
  await run(killed, ({ progress }) => progress?.phase === 'TRAINING' && progress.epoch >= 2);
  process.kill(
    Number(readFileSync(path.join(directory, 'data', 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]),
    'SIGKILL',
  );
  await until(() => platform.output().includes('the embedded PostgreSQL ended by itself; starting it again') || null);
  await run(killed, ({ progress }) => (progress?.epoch ?? 0) >= 4);
  expect(platform.child.exitCode, 'the platform outlives its database').toBeNull();

  await ended('SIGKILL');
  await startPlatform();
  await run(killed, ({ state }) => state === 'COMPLETED');
  const interrupted = await fingerprint(killed);
  process.stdout.write(
    `left alone:               ${JSON.stringify(left)}\ndatabase and API killed: ${JSON.stringify(interrupted)}\n`,
  );
  expect(interrupted).toEqual(left);
}, 180_000);
