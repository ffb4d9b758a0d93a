import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../../server/src/logging.js';
import { WorkerProcesses } from '../../../server/src/platform/worker-processes.js';
import { RunState, TrainingPhase, TrainingRun } from '../../../server/src/runs/training-run.entity.js';
import { colouredDataset } from '../../support/coloured-images.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { trainingService } from '../../support/training-service.js';

/** The built worker, started as the platform starts it. */
let database: TestDatabase;
let directory: string;
let workers: WorkerProcesses;
let service: Awaited<ReturnType<typeof trainingService>>;
const printed: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'hung-worker-'));
  service = await trainingService(database);
  workers = new WorkerProcesses({
    file: path.resolve('dist/server/src/worker.js'),
    count: 1,
    environment: {
      ...process.env,
      DATABASE_URL: database.url,
      DATA_DIR: directory,
      THREADS: '1',
      NODE_ENV: 'production',
    },
    log: createLogger('info', (text) => printed.push(text)),
    restarts: [100],
  });
  workers.start();
});
afterAll(async () => {
  await workers?.stop();
  await service?.close();
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

const reload = ({ row }: TrainingRun): Promise<TrainingRun> =>
  database.dataSource.getRepository(TrainingRun).findOneOrFail({ where: { row }, relations: { worker: true } });

async function until(run: TrainingRun, isSo: (run: TrainingRun) => boolean, pause = 2): Promise<TrainingRun> {
  const end = performance.now() + 120_000;
  for (;;) {
    const now = await reload(run);
    if (isSo(now)) return now;
    if (performance.now() > end) throw new Error(`Not so after two minutes: ${isSo}\n${printed.join('')}`);
    await sleep(pause);
  }
}

test('a worker that is stopped while it records is noticed and replaced within half a minute, and the run ends', async () => {
  const { id } = await colouredDataset(database.dataSource, { directory: path.join(directory, 'coloured') });
  const run = await service.training.start({
    dataset: id,
    width: 8,
    imageSize: 32,
    batchSize: 12,
    epochs: 4,
    threshold: 0.5,
    seed: 5,
  });
  const recording = await until(run, ({ progress }) => progress?.phase === TrainingPhase.RECORDING);
  process.kill(recording.worker!.pid, 'SIGSTOP');
  const stopped = performance.now();
  const again = await until(run, ({ lease, state }) => lease > recording.lease && state === RunState.RUNNING, 50);
  const seconds = (performance.now() - stopped) / 1000;
  expect(again.worker!.pid).not.toBe(recording.worker!.pid);
  expect(seconds).toBeLessThan(30);
  expect(printed.join('')).toMatch(/worker 1 hangs \(process \d+\); it is killed/);
  await until(run, ({ state }) => state === RunState.COMPLETED, 50);
}, 180_000);
