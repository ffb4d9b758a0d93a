import { symlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { analyseEpoch } from '../../../server/src/analysis/record/analyse-epoch.js';
import type { Dataset } from '../../../server/src/datasets/dataset.entity.js';
import { Split } from '../../../server/src/split.js';
import { startEngine, type Engine } from '../../../server/src/engine/engine.js';
import { noLabel } from '../../../server/src/labels/label-set-chunk.entity.js';
import { LabelSetKind } from '../../../server/src/labels/label-set-kind.js';
import { storeLabelSet } from '../../../server/src/labels/label-store.js';
import { readSampleFacts } from '../../../server/src/labels/sample-facts.js';
import { Checkpoint, CheckpointKind } from '../../../server/src/models/checkpoint.entity.js';
import { CheckpointFiles } from '../../../server/src/models/checkpoints/checkpoint-files.js';
import { ModelService } from '../../../server/src/models/model.service.js';
import { readSteps, type RunStep } from '../../../server/src/runs/recorded/step-losses.js';
import { readSplit } from '../../../server/src/runs/recorded/columns.js';
import { TrainingRecorder } from '../../../server/src/training/record-training.js';
import { takeRun } from '../../../server/src/runs/queue/run-lease.js';
import { RunStopped } from '../../../server/src/training/run-stopped.js';
import { runners } from '../../../server/src/platform/runners.js';
import { runTraining as trainTaken } from '../../../server/src/training/run-training.js';
import { Sampling } from '../../../server/src/runs/settings/choices.js';
import type { TrainingDependencies } from '../../../server/src/training/training-dependencies.js';
import { Epoch } from '../../../server/src/runs/recorded/epoch.entity.js';
import { Augmentation, TestTimeCrops } from '../../../server/src/runs/settings/choices.js';
import { RunState, TrainingRun } from '../../../server/src/runs/training-run.entity.js';
import type { TrainingQueue } from '../../../server/src/runs/queue/training-queue.js';
import { TrainingService } from '../../../server/src/runs/training.service.js';
import { colouredClasses, colouredDataset } from '../../support/coloured-images.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { DataStore } from '../../../server/src/storage/data-store.js';

let database: TestDatabase;
let directory: string;
let engine: Engine;
let dataset: Dataset;
let training: TrainingService;
let dependencies: TrainingDependencies;

/** The queue is tested with the worker; here a test takes the place of the worker. */
const noQueue = { enqueue: async () => undefined } as unknown as TrainingQueue;
const small = { width: 8, imageSize: 32, batchSize: 12, epochs: 3, threshold: 0.5, seed: 3 };

beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'run-training-'));
  engine = await startEngine({ backend: 'auto', threads: 1, log: () => undefined });
  dataset = await colouredDataset(database.dataSource, { directory: path.join(directory, 'coloured') });
  const files = new CheckpointFiles(DataStore.open(directory));
  training = new TrainingService(database.dataSource, new ModelService(database.dataSource), noQueue, files);
  dependencies = {
    dataSource: database.dataSource,
    recorder: new TrainingRecorder(database.dataSource, files, analyseEpoch),
    files,
    kernels: engine.kernels,
    compile: engine.compile,
    backend: engine.name,
    device: engine.device,
    runners,
    store: DataStore.open(directory),
    giveBack: async () => undefined,
    log: () => undefined,
  };
});
afterAll(async () => {
  await engine?.dispose();
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = engine.memory().tensors;
});

const start = (input: object = {}): Promise<TrainingRun> => training.start({ dataset: dataset.id, ...small, ...input });
/** As a worker does: takes the run, then trains it. */
async function runTraining(given: TrainingDependencies, row: number, stop: AbortSignal): Promise<void> {
  const taken = await takeRun(database.dataSource.manager, row, null);
  await trainTaken(given, taken!, stop);
}
const never = new AbortController().signal;
const reload = (run: TrainingRun): Promise<TrainingRun> =>
  database.dataSource.getRepository(TrainingRun).findOneByOrFail({ row: run.row });
const lossesOf = async (run: TrainingRun): Promise<number[]> =>
  (await training.epochsOf(run.row)).map(({ losses }) => losses!.total);

/** Aborts when the run records its epoch `number`. */
function stopAfter(
  number: number,
  why: 'cancelled' | 'worker-stopping',
): { signal: AbortSignal; dependencies: TrainingDependencies } {
  const stop = new AbortController();
  const log = (line: string): void => {
    if (line.includes(`epoch ${number}/`)) stop.abort(new RunStopped(why));
  };
  const recorder = new TrainingRecorder(database.dataSource, dependencies.files, analyseEpoch, log);
  return { signal: stop.signal, dependencies: { ...dependencies, recorder } };
}

describe('a run', () => {
  test('learns, and records every epoch of every sample', async () => {
    const run = await start({ epochs: 5 });
    await runTraining(dependencies, run.row, never);
    const ended = await reload(run);
    expect(ended).toMatchObject({ state: RunState.COMPLETED, error: null, progress: null, backend: engine.name });
    expect(ended.finishedAt!.getTime()).toBeGreaterThanOrEqual(ended.startedAt!.getTime());

    const epochs = await training.epochsOf(run.row);
    expect(epochs.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(epochs[1]!.learningRate).toBeCloseTo(0.9e-3, 12);
    expect(epochs.at(-1)!.losses!.total).toBeLessThan(epochs[0]!.losses!.total);
    expect(epochs[0]!.classCounts).toEqual([12, 12, 12]);
    for (const { classDistributions } of epochs) {
      for (let row = 0; row < 3; row++)
        expect(classDistributions!.slice(3 * row, 3 * row + 3).reduce((sum, value) => sum + value)).toBeCloseTo(1, 4);
    }

    const steps: RunStep[] = [];
    for await (const step of readSteps(database.dataSource.manager, run.row)) steps.push(step);
    expect(steps.map(({ at }) => at)).toEqual(Array.from({ length: 15 }, (_, place) => place + 1));
    for (const { number, losses } of epochs) {
      const totals = steps.filter(({ epoch }) => epoch === number).map(({ total }) => total);
      expect(totals.reduce((sum, total) => sum + total) / totals.length).toBeCloseTo(losses!.total, 5);
    }

    const outputs = await readSplit(
      database.dataSource.manager,
      { runRow: run.row, classes: colouredClasses.length },
      Split.TEST,
      5,
    );
    expect(outputs!.labels).toEqual(Int16Array.from({ length: 10 }, (_, place) => place % 3));
    for (let sample = 0; sample < 10; sample++) {
      const row = outputs!.targetDistributions.subarray(3 * sample, 3 * sample + 3);
      expect(row.reduce((sum, value) => sum + value)).toBeCloseTo(1, 4);
    }
    const metrics: { accuracy: number }[] = await database.dataSource.query(
      `SELECT accuracy FROM split_metrics WHERE run_row = $1 AND split = 'TRAIN' AND epoch = 5`,
      [run.row],
    );
    expect(metrics[0]!.accuracy).toBeGreaterThan(0.8);
    expect(engine.memory().tensors).toBe(tensorsBefore);
  });

  test('with the same seed gives the same bits, with another seed others', async () => {
    const runs = [await start({ epochs: 2 }), await start({ epochs: 2 }), await start({ epochs: 2, seed: 4 })];
    for (const run of runs) await runTraining(dependencies, run.row, never);
    const [first, again, other] = await Promise.all(runs.map(lossesOf));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const [a, b] = await Promise.all(runs.slice(0, 2).map((run) => lastWeights(run)));
    expect(a).toBe(b);
  });

  test('that its worker gave back goes on from its last epoch and ends as if it had never stopped', async () => {
    const whole = await start();
    await runTraining(dependencies, whole.row, never);
    const interrupted = await start();
    const stop = stopAfter(2, 'worker-stopping');
    await expect(runTraining(stop.dependencies, interrupted.row, stop.signal)).rejects.toThrow(RunStopped);
    expect(await reload(interrupted)).toMatchObject({ state: RunState.QUEUED, progress: null });
    expect(await lossesOf(interrupted)).toHaveLength(2);
    await runTraining(dependencies, interrupted.row, never);
    expect(await reload(interrupted)).toMatchObject({ state: RunState.COMPLETED });
    expect(await lossesOf(interrupted)).toEqual(await lossesOf(whole));
    expect(await lastWeights(interrupted)).toBe(await lastWeights(whole));
    expect(engine.memory().tensors).toBe(tensorsBefore);
  });

  test('with every augmentation and ten crops goes on to the same bits too, and shows each test image once', async () => {
    const input = {
      epochs: 2,
      augmentation: Augmentation.RAND_AUGMENT,
      randAugmentMagnitude: 8,
      testTimeCrops: TestTimeCrops.TEN_CROP,
    };
    const whole = await start(input);
    await runTraining(dependencies, whole.row, never);
    const interrupted = await start(input);
    const stop = stopAfter(1, 'worker-stopping');
    await expect(runTraining(stop.dependencies, interrupted.row, stop.signal)).rejects.toThrow(RunStopped);
    await runTraining(dependencies, interrupted.row, never);
    expect(await lossesOf(interrupted)).toEqual(await lossesOf(whole));
    expect(await lastWeights(interrupted)).toBe(await lastWeights(whole));
    const flipped = await start({ epochs: 2 });
    await runTraining(dependencies, flipped.row, never);
    expect(await lossesOf(flipped)).not.toEqual(await lossesOf(whole));
    const read = (run: TrainingRun) =>
      readSplit(database.dataSource.manager, { runRow: run.row, classes: colouredClasses.length }, Split.TEST, 2);
    const outputs = (await read(whole))!;
    expect(outputs.labels).toHaveLength(10);
    for (let sample = 0; sample < 10; sample++)
      expect(
        outputs.targetDistributions.subarray(3 * sample, 3 * sample + 3).reduce((sum, value) => sum + value),
      ).toBeCloseTo(1, 4);
    expect(engine.memory().tensors).toBe(tensorsBefore);
  });

  test('that is cancelled keeps the epochs it recorded', async () => {
    const run = await start();
    const stop = stopAfter(1, 'cancelled');
    await runTraining(stop.dependencies, run.row, stop.signal);
    expect(await reload(run)).toMatchObject({ state: RunState.CANCELLED, error: null });
    expect(await database.dataSource.getRepository(Epoch).countBy({ runRow: run.row })).toBe(1);
    expect(engine.memory().tensors).toBe(tensorsBefore);
  });

  test('whose loss explodes fails with the epoch, the step and what to try', async () => {
    const run = await start({ learningRate: 1, epochs: 30, rankMargin: 1 });
    const poisoned: TrainingDependencies = {
      ...dependencies,
      kernels: {
        ...engine.kernels,
        adam: (update) => {
          engine.kernels.adam({ ...update, learningRate: Number.NaN });
        },
      },
    };
    await runTraining(poisoned, run.row, never);
    expect(await reload(run)).toMatchObject({
      state: RunState.FAILED,
      error: expect.stringMatching(
        /loss became NaN in epoch 1, step 2 \(CE NaN.*on the batch of train-\d+\.png, .* and 4 more\. A smaller learning rate/,
      ),
    });
    expect(engine.memory().tensors).toBe(tensorsBefore);
  });

  test('learns from the labels of its set alone, and leaves out samples that have none there', async () => {
    const mine = await database.dataSource.transaction(async (manager) => {
      const facts = await readSampleFacts(manager, dataset.row);
      const labels = facts.given.map((label, index) =>
        index === 4 || index === 46 ? noLabel : index % 5 === 0 ? (label + 1) % 3 : label,
      );
      return storeLabelSet(manager, dataset, facts, {
        name: 'mine',
        kind: LabelSetKind.RELABELLED,
        parent: null,
        description: 'by hand',
        labels,
        origin: {},
      });
    });
    const run = await start({ epochs: 1, labelSet: mine.id, sampling: Sampling.CLASS_BALANCED });
    await runTraining(dependencies, run.row, never);
    expect(await reload(run)).toMatchObject({ state: RunState.COMPLETED, labelSetRow: mine.row });
    const outputs = await readSplit(
      database.dataSource.manager,
      { runRow: run.row, classes: colouredClasses.length },
      Split.TRAIN,
      1,
    );
    const expected = Array.from({ length: 36 }, (_, index) => (index % 5 === 0 ? (index + 1) % 3 : index % 3)).filter(
      (_, index) => index !== 4,
    );
    expect([...outputs!.labels]).toEqual(expected);
    const [epoch] = await training.epochsOf(run.row);
    expect(epoch!.classCounts).toEqual([0, 1, 2].map((label) => expected.filter((other) => other === label).length));
    const reported = await readSplit(
      database.dataSource.manager,
      { runRow: run.row, classes: colouredClasses.length },
      Split.TEST,
      1,
    );
    expect(reported!.labels).toHaveLength(9);
  });

  test('that finds the disk full stops with what to do, loses no epoch, and leaves no half of a file', async () => {
    const run = await start();
    const models = path.join(directory, 'models', String(run.modelRow));
    // A file whose disk is always full stands where the checkpoint of epoch 2 will be written.
    const log = (line: string): void => {
      if (line.includes('epoch 1/'))
        symlinkSync('/dev/full', path.join(models, 'last-epoch-0002-take-1.safetensors.partial'));
    };
    const recorder = new TrainingRecorder(database.dataSource, dependencies.files, analyseEpoch, log);
    await runTraining({ ...dependencies, recorder }, run.row, never);
    expect(await reload(run)).toMatchObject({
      state: RunState.FAILED,
      error: expect.stringMatching(/^The disk is full: .*ENOSPC.*Make room.*resumeTraining/),
    });
    expect(await lossesOf(run)).toHaveLength(1);
    const kept = await database.dataSource.getRepository(Checkpoint).findBy({ modelRow: run.modelRow });
    expect(kept.map(({ epoch }) => epoch)).toEqual([1, 1]);
    expect((await readdir(models)).sort()).toEqual(kept.map(({ path: file }) => path.basename(file)).sort());
    expect(engine.memory().tensors).toBe(tensorsBefore);
  });

  test('that runs out of memory fails with what to lower', async () => {
    const run = await start();
    const full: TrainingDependencies = {
      ...dependencies,
      kernels: {
        ...engine.kernels,
        adam: () => {
          throw new RangeError('Array buffer allocation failed');
        },
      },
    };
    await runTraining(full, run.row, never);
    expect(await reload(run)).toMatchObject({
      state: RunState.FAILED,
      error: expect.stringMatching(
        /^Out of memory: Array buffer allocation failed.* Lower batchSize \(now 12\), imageSize \(now 32\) or width \(now 8\)/,
      ),
    });
  });

  test('that another worker has taken records nothing any more', async () => {
    const run = await start();
    const recorder = new TrainingRecorder(database.dataSource, dependencies.files, analyseEpoch, (line) => {
      if (line.includes('epoch 1/'))
        void database.dataSource.query('UPDATE training_run SET lease = lease + 1 WHERE "row" = $1', [run.row]);
    });
    await expect(runTraining({ ...dependencies, recorder }, run.row, never)).rejects.toThrow('lost');
    expect(await lossesOf(run)).toHaveLength(1);
    expect(await reload(run)).toMatchObject({ state: RunState.RUNNING, lease: 2 });
  });

  test('keeps its last weights, and its best ones on validation', async () => {
    const run = await start();
    await runTraining(dependencies, run.row, never);
    const checkpoints = await database.dataSource
      .getRepository(Checkpoint)
      .find({ where: { modelRow: run.modelRow }, order: { kind: 'ASC' } });
    expect(checkpoints.map(({ kind }) => kind)).toEqual([CheckpointKind.LAST, CheckpointKind.BEST]);
    expect(checkpoints[0]!.epoch).toBe(3);
    const kept = await readdir(path.join(directory, 'models', String(run.modelRow)));
    expect(kept.sort()).toEqual(checkpoints.map(({ path: file }) => path.basename(file)).sort());
    const { tensors } = await dependencies.files.read(checkpoints[1]!);
    expect([...tensors.keys()].some((name) => name.startsWith('adam.'))).toBe(false);
    expect(tensors.get('stem.conv.weight')!.shape).toEqual([8, 3, 7, 7]);
  });
});

/** Hash of the run's LAST checkpoint. */
async function lastWeights(run: TrainingRun): Promise<string> {
  const checkpoint = await database.dataSource
    .getRepository(Checkpoint)
    .findOneByOrFail({ modelRow: run.modelRow, kind: CheckpointKind.LAST });
  return checkpoint.sha256;
}
