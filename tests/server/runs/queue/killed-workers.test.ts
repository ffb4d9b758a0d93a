import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../../server/src/datasets/dataset.entity.js';
import { Checkpoint } from '../../../../server/src/models/checkpoint.entity.js';
import { RunState, TrainingPhase, TrainingRun } from '../../../../server/src/runs/training-run.entity.js';
import { colouredDataset } from '../../../support/coloured-images.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { runFingerprint } from '../../../support/run-fingerprint.js';
import { trainingService } from '../../../support/training-service.js';

/** Two worker processes of the built program share a database; a killed one is started again, as the platform does. */
let database: TestDatabase;
let directory: string;
let dataset: Dataset;
let service: Awaited<ReturnType<typeof trainingService>>;
const workers = new Set<ChildProcess>();
let closing = false;

function startWorker(): void {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    DATABASE_URL: database.url,
    DATA_DIR: directory,
    THREADS: '1',
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
  };
  const child = spawn(process.execPath, ['dist/server/src/worker.js'], { env, stdio: 'ignore' });
  workers.add(child);
  child.once('exit', () => {
    workers.delete(child);
    if (!closing) startWorker();
  });
}

beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'killed-workers-'));
  dataset = await colouredDataset(database.dataSource, {
    directory: path.join(directory, 'coloured'),
    counts: { TRAIN: 96, VALIDATION: 24, TEST: 24 },
  });
  service = await trainingService(database);
  for (let each = 0; each < 2; each++) startWorker();
});
afterAll(async () => {
  closing = true;
  await Promise.all(
    [...workers].map((child) => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL'))),
  );
  await service?.close();
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

const start = (): Promise<TrainingRun> =>
  service.training.start({
    dataset: dataset.id,
    width: 16,
    imageSize: 32,
    batchSize: 12,
    epochs: 6,
    threshold: 0.5,
    dropout: 0.1,
    seed: 5,
  });
const reload = (run: TrainingRun): Promise<TrainingRun> =>
  database.dataSource
    .getRepository(TrainingRun)
    .findOneOrFail({ where: { row: run.row }, relations: { worker: true } });

/**
 * Looks every `pause` milliseconds: often for a moment that passes, seldom otherwise, for workers have the lower
 * priority.
 */
async function until<T>(look: () => Promise<T | null> | T | null, pause = 2, milliseconds = 200_000): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`Not so after ${milliseconds} ms: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

const completed = (run: TrainingRun): Promise<TrainingRun> =>
  until(async () => {
    const now = await reload(run);
    if (now.state === RunState.FAILED) throw new Error(now.error!);
    return now.state === RunState.COMPLETED ? now : null;
  }, 50);

/** SIGKILL to the worker that has the run; it is one of ours. */
async function killWorkerOf(run: TrainingRun): Promise<void> {
  const { worker } = await reload(run);
  const child = [...workers].find(({ pid }) => pid === worker?.pid);
  expect(child, 'the worker of the run is a process of this test').toBeDefined();
  child!.kill('SIGKILL');
}

describe('a run whose workers are killed', () => {
  test('in a step, in an evaluation, while an epoch is recorded, while a checkpoint is written: ends with the same bits as one that was left alone', async () => {
    const alone = await start();
    await completed(alone);
    const run = await start();
    const models = path.join(directory, 'models', String(run.modelRow));
    const during = (phase: TrainingPhase, least: number) => async (): Promise<true | null> => {
      const { progress } = await reload(run);
      return progress?.phase === phase && progress.epoch >= least ? true : null;
    };
    const moments: (() => Promise<true | null> | true | null)[] = [
      during(TrainingPhase.TRAINING, 1),
      during(TrainingPhase.EVALUATING, 2),
      during(TrainingPhase.RECORDING, 3),
      () => (existsSync(models) && readdirSync(models).some((name) => name.endsWith('.partial')) ? true : null),
    ];
    for (const moment of moments) {
      await until(moment);
      await killWorkerOf(run);
      const { lease } = await reload(run);
      await until(async () => ((await reload(run)).lease > lease + 1 ? true : null), 50);
    }
    const ended = await completed(run);
    expect(ended.lease).toBe(2 * moments.length + 1);
    const [left, interrupted] = [
      await runFingerprint(database.dataSource, alone.row),
      await runFingerprint(database.dataSource, run.row),
    ];
    process.stdout.write(
      `left alone:       ${JSON.stringify(left)}\nkilled ${moments.length} times: ${JSON.stringify(interrupted)}\n`,
    );
    expect(interrupted).toEqual(left);
    // Nothing is left of what killed workers were writing.
    const kept = await database.dataSource.getRepository(Checkpoint).findBy({ modelRow: run.modelRow });
    expect((await readdir(models)).sort()).toEqual(kept.map((checkpoint) => path.basename(checkpoint.path)).sort());
    const lines = await service.training.log(run.row, 100, null);
    expect(lines.filter(({ text }) => /was lost; the run goes on from its last checkpoint/.test(text))).toHaveLength(
      moments.length,
    );
  }, 300_000);

  test('is trained by one worker at a time, and two runs by two', async () => {
    const runs = [await start(), await start()];
    await Promise.all(runs.map(completed));
    const [first, second] = await Promise.all(runs.map(reload));
    expect(first!.worker!.pid).not.toBe(second!.worker!.pid);
    expect(first!.startedAt!.getTime()).toBeLessThan(second!.finishedAt!.getTime());
    expect(second!.startedAt!.getTime()).toBeLessThan(first!.finishedAt!.getTime());
    expect(await runFingerprint(database.dataSource, first!.row)).toEqual(
      await runFingerprint(database.dataSource, second!.row),
    );
  }, 300_000);
});
