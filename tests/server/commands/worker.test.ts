import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { limitsOf, readTimeLimit } from '../../../server/src/commands/worker.js';
import type { Dataset } from '../../../server/src/datasets/dataset.entity.js';
import { RunState, TrainingRun } from '../../../server/src/runs/training-run.entity.js';
import { leastIdleSeconds, WorkerAllowance } from '../../../server/src/training/worker-limits.js';
import { colouredDataset } from '../../support/coloured-images.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { runFingerprint } from '../../support/run-fingerprint.js';
import { trainingService } from '../../support/training-service.js';

describe('a time limit', () => {
  test.each([
    ['90', 5400],
    ['1:30', 90],
    ['3:50:00', 13_800],
    ['1-12', 129_600],
    ['1-12:30', 131_400],
    ['2-0:00:05', 172_805],
  ])('%s is %i seconds, as Slurm reads it', (text, seconds) => expect(readTimeLimit(text)).toBe(seconds));

  test.each(['', 'soon', '1:2:3:4', '-5', '1.5', '0:00'])('%j is refused', (text) =>
    expect(() => readTimeLimit(text)).toThrow(/expected a time/),
  );
});

describe('what a worker may still do', () => {
  afterAll(() => void vi.useRealTimers());

  test('ends with its runs, with nothing to do for long enough, and some time before its time', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const runs = new WorkerAllowance({ runs: 2 }, performance.now());
    runs.tookRun();
    expect(runs.over()).toBeNull();
    runs.tookRun();
    expect(runs.over()).toBe('it has carried out 2 runs');

    const idle = new WorkerAllowance(limitsOf({ untilEmpty: true, idle: 60 }), performance.now());
    idle.foundNone();
    vi.advanceTimersByTime(59_000);
    expect(idle.over()).toBeNull();
    idle.tookRun();
    idle.foundNone();
    vi.advanceTimersByTime(59_000);
    expect(idle.over()).toBeNull();
    vi.advanceTimersByTime(1_000);
    expect(idle.over()).toBe('no run waits for it');

    const timed = new WorkerAllowance(limitsOf({ timeLimit: 3600 }), performance.now());
    expect(timed.left()).toBe(3570);
    vi.advanceTimersByTime(3_570_000);
    expect(timed.over()).toBe('its time is up');
    expect(new WorkerAllowance().left()).toBe(Infinity);
    expect(limitsOf({ untilEmpty: true }).idleSeconds).toBe(leastIdleSeconds);
    vi.useRealTimers();
  });
});

describe('jobs of a scheduler', () => {
  let database: TestDatabase;
  let directory: string;
  let dataset: Dataset;
  let service: Awaited<ReturnType<typeof trainingService>>;
  const jobs = new Set<ChildProcess>();

  beforeAll(async () => {
    database = await testDatabase();
    directory = await mkdtemp(path.join(tmpdir(), 'jobs-'));
    dataset = await colouredDataset(database.dataSource, {
      directory: path.join(directory, 'coloured'),
      counts: { TRAIN: 48, VALIDATION: 12, TEST: 12 },
    });
    service = await trainingService(database);
  });
  afterAll(async () => {
    for (const job of jobs) job.kill('SIGKILL');
    await service?.close();
    await database?.drop();
    await rm(directory, { recursive: true, force: true });
  });

  const start = (epochs: number): Promise<TrainingRun> =>
    service.training.start({
      dataset: dataset.id,
      width: 8,
      imageSize: 32,
      batchSize: 12,
      epochs,
      dropout: 0.1,
      seed: 5,
    });
  const reload = (run: TrainingRun): Promise<TrainingRun> =>
    database.dataSource.getRepository(TrainingRun).findOneByOrFail({ row: run.row });
  const epochsOf = async (run: TrainingRun): Promise<number> =>
    (await database.dataSource.query('SELECT count(*)::int AS n FROM epoch WHERE run_row = $1', [run.row]))[0].n;

  function job(
    flags: string[],
    preloaded: string[] = [],
  ): {
    child: ChildProcess;
    ended: Promise<number | string | null>;
    said: () => string;
  } {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      DATABASE_URL: database.url,
      DATA_DIR: directory,
      THREADS: '1',
      LOG_LEVEL: 'info',
      NODE_ENV: 'production',
    };
    const child = spawn(process.execPath, [...preloaded, 'dist/server/src/cli.js', 'worker', ...flags], { env });
    jobs.add(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise<number | string | null>((resolve) =>
      child.once('exit', (code, signal) => jobs.delete(child) && resolve(code ?? signal)),
    );
    return { child, ended, said: () => text };
  }

  test('a run that hops over three of them, told to stop by SIGUSR1 and SIGTERM, ends with the bits of one left alone', async () => {
    const run = await start(6);
    for (const [signal, epochs] of [
      ['SIGUSR1', 1],
      ['SIGTERM', 3],
    ] as const) {
      const { child, ended, said } = job(['--until-empty']);
      await vi.waitFor(async () => expect(await epochsOf(run), said()).toBeGreaterThanOrEqual(epochs), {
        timeout: 120_000,
        interval: 20,
      });
      child.kill(signal);
      expect([signal, await ended, said()]).toEqual([signal, 0, expect.not.stringContaining('Debugger')]);
      expect((await reload(run)).state).toBe(RunState.QUEUED);
    }
    const alone = await start(6);
    const last = job(['--until-empty']);
    expect([await last.ended, last.said()]).toEqual([0, expect.stringContaining('ends: no run waits for it')]);
    expect((await reload(run)).lease).toBeGreaterThan(2);
    expect(await runFingerprint(database.dataSource, run.row)).toEqual(
      await runFingerprint(database.dataSource, alone.row),
    );
  }, 400_000);

  test('one whose time is up gives its run back at an epoch and exits 0', async () => {
    const run = await start(500);
    const { ended, said } = job(['--time-limit', '0:20']);
    expect([await ended, said()]).toEqual([0, expect.stringContaining('ends: its time is up')]);
    const { state, leaseUntil } = (await reload(run)) as TrainingRun & { leaseUntil?: unknown };
    expect(state).toBe(RunState.QUEUED);
    expect(leaseUntil ?? null).toBeNull();
    await service.training.cancel(run.id);
  }, 200_000);

  test('one that is told to stop while it starts ends with 0, and opens no debugger', async () => {
    const { ended, said } = job([], ['--import', './tests/support/signal-at-once.mjs']);
    expect([await ended, said()]).toEqual([0, expect.not.stringContaining('Debugger')]);
  }, 100_000);

  test('takes no more runs than it may', async () => {
    const [first, second] = [await start(1), await start(1)];
    expect(await job(['--runs', '1']).ended).toBe(0);
    expect((await reload(first!)).state).toBe(RunState.COMPLETED);
    expect((await reload(second!)).state).toBe(RunState.QUEUED);
  }, 200_000);
});
