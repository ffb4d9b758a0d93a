import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyseEpoch } from '../../../../server/src/analysis/record/analyse-epoch.js';
import { SplitMetrics } from '../../../../server/src/analysis/record/split-metrics.entity.js';
import { Dataset } from '../../../../server/src/datasets/dataset.entity.js';
import { Split } from '../../../../server/src/split.js';
import { startEngine, type Engine } from '../../../../server/src/engine/engine.js';
import { CheckpointKind } from '../../../../server/src/models/checkpoint.entity.js';
import { CheckpointFiles } from '../../../../server/src/models/checkpoints/checkpoint-files.js';
import { ModelImportService } from '../../../../server/src/models/model-import.service.js';
import type { Model } from '../../../../server/src/models/model.entity.js';
import { ModelService } from '../../../../server/src/models/model.service.js';
import { readSplit } from '../../../../server/src/runs/recorded/columns.js';
import type { Evaluation } from '../../../../server/src/predictions/evaluation/evaluation.entity.js';
import {
  type EvaluateOptions,
  EvaluationService,
} from '../../../../server/src/predictions/evaluation/evaluation.service.js';
import { TrainingRecorder } from '../../../../server/src/training/record-training.js';
import { takeRun } from '../../../../server/src/runs/queue/run-lease.js';
import { runners } from '../../../../server/src/platform/runners.js';
import { runTraining } from '../../../../server/src/training/run-training.js';
import type { TrainingDependencies } from '../../../../server/src/training/training-dependencies.js';
import type { TrainingQueue } from '../../../../server/src/runs/queue/training-queue.js';
import { RunState, TrainingRun } from '../../../../server/src/runs/training-run.entity.js';
import { TrainingService } from '../../../../server/src/runs/training.service.js';
import { colouredDataset } from '../../../support/coloured-images.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { DataStore } from '../../../../server/src/storage/data-store.js';

const noQueue = { enqueue: async () => undefined } as unknown as TrainingQueue;
let database: TestDatabase;
let directory: string;
let engine: Engine;
let dataset: Dataset;
let models: ModelService;
let evaluations: EvaluationService;
let training: TrainingService;
let dependencies: TrainingDependencies;
let files: CheckpointFiles;
let trained: TrainingRun;
let model: Model;

beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'evaluation-'));
  engine = await startEngine({ backend: 'auto', threads: 1, log: () => undefined });
  const { dataSource } = database;
  dataset = await colouredDataset(dataSource, { directory: path.join(directory, 'coloured') });
  files = new CheckpointFiles(DataStore.open(directory));
  models = new ModelService(dataSource);
  training = new TrainingService(dataSource, models, noQueue, files);
  evaluations = new EvaluationService(dataSource, models, noQueue);
  const recorder = new TrainingRecorder(dataSource, files, analyseEpoch);
  dependencies = {
    dataSource,
    store: DataStore.open(directory),
    recorder,
    runners,
    files,
    kernels: engine.kernels,
    compile: engine.compile,
    backend: engine.name,
    device: engine.device,
    giveBack: async () => undefined,
    log: () => undefined,
  };
  trained = await finish(
    await training.start({
      dataset: dataset.id,
      width: 8,
      imageSize: 32,
      batchSize: 12,
      epochs: 2,
      threshold: 0.5,
      seed: 3,
    }),
  );
  model = (await models.byRow(trained.modelRow))!;
});

afterAll(async () => {
  await engine.dispose();
  await database.drop();
  await rm(directory, { recursive: true });
});

async function finish({ row }: TrainingRun): Promise<TrainingRun> {
  const taken = await database.dataSource.transaction((manager) => takeRun(manager, row, null));
  await runTraining(dependencies, taken!, new AbortController().signal);
  return database.dataSource.getRepository(TrainingRun).findOneByOrFail({ row });
}

async function evaluate(
  options: Partial<EvaluateOptions> = {},
): Promise<{ evaluation: Evaluation; record: TrainingRun }> {
  const evaluation = await evaluations.start({ model: model.id, dataset: dataset.id, ...options });
  return { evaluation, record: await finish(evaluation.run) };
}

const outputsOf = (runRow: number, split: Split, epoch: number) =>
  readSplit(database.dataSource.manager, { runRow, classes: 3 }, split, epoch);
const lastOf = async (): Promise<string> =>
  (await models.checkpointsOf(model)).find(({ kind }) => kind === CheckpointKind.LAST)!.id;

describe('an evaluation', () => {
  test('of the newest checkpoint says of every sample what the training recorded, and measures the same', async () => {
    const before = engine.memory().tensors;
    const { record } = await evaluate({ checkpoint: await lastOf() });
    expect([record.state, record.error]).toEqual([RunState.COMPLETED, null]);
    expect(engine.memory().tensors).toBe(before);
    for (const split of [Split.TRAIN, Split.VALIDATION, Split.TEST]) {
      const [asked, recorded] = [await outputsOf(record.row, split, 1), await outputsOf(trained.row, split, 2)];
      expect(asked!.sampleRows).toEqual(recorded!.sampleRows);
      asked!.targetDistributions.forEach((value, n) => expect(value).toBeCloseTo(recorded!.targetDistributions[n]!, 5));
    }
    const metrics = database.dataSource.getRepository(SplitMetrics);
    const [mine, theirs] = await Promise.all([
      metrics.findOneByOrFail({ runRow: record.row, split: Split.TEST }),
      metrics.findOneByOrFail({ runRow: trained.row, epoch: 2, split: Split.TEST }),
    ]);
    expect(mine.accuracy).toBe(theirs.accuracy);
    const [epoch, itsEpoch] = [await training.epochOf(record.row, 1), await training.epochOf(trained.row, 2)];
    expect(epoch!.classDistributions).toEqual(itsEpoch!.classDistributions);
    const losses = epoch!.losses!;
    expect(losses.total).toBeCloseTo(losses.crossEntropy! + losses.kullbackLeibler!, 9);
  });

  test('of some splits records those alone, and stays out of the lists of trainings', async () => {
    const { record, evaluation } = await evaluate({ splits: [Split.TEST] });
    expect(evaluation.splits).toEqual([Split.TEST]);
    expect(await outputsOf(record.row, Split.TRAIN, 1)).toBeNull();
    expect((await outputsOf(record.row, Split.TEST, 1))!.sampleRows).toHaveLength(10);
    expect((await training.page(20, null, {})).map(({ row }) => row)).toEqual([trained.row]);
    expect((await training.ofModel(model.row))!.row).toBe(trained.row);
    expect((await evaluations.list(model.row))[0]!.id).toBe(evaluation.id);
  });

  test('on a data set that names the same classes in another order puts every number in its place', async () => {
    const turned = await colouredDataset(database.dataSource, { directory: path.join(directory, 'turned') });
    await database.dataSource.getRepository(Dataset).update({ row: turned.row }, { classes: ['Blue', 'red', 'green'] });
    await database.dataSource.query('UPDATE sample SET given_label = (given_label + 1) % 3 WHERE dataset_row = $1', [
      turned.row,
    ]);
    const [there, here] = [
      (await evaluate({ dataset: turned.id, splits: [Split.TEST] })).record,
      (await evaluate({ splits: [Split.TEST] })).record,
    ];
    const [moved, straight] = [await outputsOf(there.row, Split.TEST, 1), await outputsOf(here.row, Split.TEST, 1)];
    straight!.targetDistributions.forEach((value, n) =>
      expect(moved!.targetDistributions[n - (n % 3) + (((n % 3) + 1) % 3)]).toBeCloseTo(value, 6),
    );
    const metrics = database.dataSource.getRepository(SplitMetrics);
    expect((await metrics.findOneByOrFail({ runRow: there.row })).accuracy).toBe(
      (await metrics.findOneByOrFail({ runRow: here.row })).accuracy,
    );
  });

  test('of an imported network takes the class distributions of its file', async () => {
    const imports = new ModelImportService(database.dataSource, models, files);
    const imported = await imports.import('tests/fixtures/pytorch/authors.pth.tar', {
      classes: ['red', 'green', 'blue'],
      imageSize: 40,
    });
    const { record } = await evaluate({ model: imported.id, splits: [Split.TEST] });
    expect([record.state, record.error, record.configuration.imageSize, record.configuration.width]).toEqual([
      RunState.COMPLETED,
      null,
      40,
      2,
    ]);
    const epoch = await training.epochOf(record.row, 1);
    expect(epoch!.classDistributions!.map((value) => Number(value.toFixed(3)))).toEqual([
      0.8, 0.1, 0.1, 0.05, 0.85, 0.1, 0.15, 0.15, 0.7,
    ]);
  });

  test('of a checkpoint that a newer one has replaced fails with what to do', async () => {
    const evaluation = await evaluations.start({ model: model.id, dataset: dataset.id });
    await database.dataSource.query(`UPDATE evaluation SET checkpoint_sha256 = 'another' WHERE "row" = $1`, [
      evaluation.row,
    ]);
    const record = await finish(evaluation.run);
    expect([record.state, record.error]).toEqual([
      RunState.FAILED,
      expect.stringContaining('has made way for a newer one, or was deleted; ask again'),
    ]);
  });

  test('of what cannot be evaluated is refused', async () => {
    const other = await colouredDataset(database.dataSource, { directory: path.join(directory, 'other') });
    await database.dataSource
      .getRepository(Dataset)
      .update({ row: other.row }, { classes: ['red', 'green', 'yellow'] });
    await expect(evaluations.start({ model: model.id, dataset: other.id })).rejects.toThrow(
      'input.dataset: expected a data set with the classes of the model, red, green, blue, found ["red","green","yellow"].',
    );
    await expect(evaluations.start({ model: 'model_999', dataset: dataset.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(
      evaluations.start({ model: model.id, dataset: dataset.id, checkpoint: 'checkpoint_999' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const backbone = await new ModelImportService(database.dataSource, models, files).import(
      'tests/fixtures/pytorch/resnet50-half.pth',
    );
    await expect(evaluations.start({ model: backbone.id, dataset: dataset.id })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });
});
