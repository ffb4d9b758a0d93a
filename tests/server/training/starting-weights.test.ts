import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../server/src/ada-df/config.js';
import { initialWeight } from '../../../server/src/ada-df/initial-weights.js';
import { parametersOf } from '../../../server/src/ada-df/parameters.js';
import { analyseEpoch } from '../../../server/src/analysis/record/analyse-epoch.js';
import type { Dataset } from '../../../server/src/datasets/dataset.entity.js';
import { startEngine, type Engine } from '../../../server/src/engine/engine.js';
import type { Checkpoint } from '../../../server/src/models/checkpoint.entity.js';
import { CheckpointFiles } from '../../../server/src/models/checkpoints/checkpoint-files.js';
import { encodeSafetensors, type NamedTensor } from '../../../server/src/models/checkpoints/safetensors.js';
import { ModelImportService } from '../../../server/src/models/model-import.service.js';
import type { Model } from '../../../server/src/models/model.entity.js';
import { ModelService } from '../../../server/src/models/model.service.js';
import { TrainingRecorder } from '../../../server/src/training/record-training.js';
import { takeRun } from '../../../server/src/runs/queue/run-lease.js';
import { runners } from '../../../server/src/platform/runners.js';
import { runTraining } from '../../../server/src/training/run-training.js';
import type { TrainingQueue } from '../../../server/src/runs/queue/training-queue.js';
import { RunState, TrainingRun } from '../../../server/src/runs/training-run.entity.js';
import { TrainingService } from '../../../server/src/runs/training.service.js';
import { colouredDataset } from '../../support/coloured-images.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { DataStore } from '../../../server/src/storage/data-store.js';

const noQueue = { enqueue: async () => undefined } as unknown as TrainingQueue;
const small = { width: 8, imageSize: 32, batchSize: 12, epochs: 1, threshold: 0.5 };
let database: TestDatabase;
let directory: string;
let engine: Engine;
let dataset: Dataset;
let models: ModelService;
let training: TrainingService;
let files: CheckpointFiles;
let backbone: Model;
let pretrained: Map<string, NamedTensor>;

beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'starting-weights-'));
  engine = await startEngine({ backend: 'auto', threads: 1, log: () => undefined });
  dataset = await colouredDataset(database.dataSource, { directory: path.join(directory, 'coloured') });
  files = new CheckpointFiles(DataStore.open(directory));
  models = new ModelService(database.dataSource);
  training = new TrainingService(database.dataSource, models, noQueue, files);
  const layers = parametersOf({ ...defaultConfig, width: 8 }).filter(
    ({ name }) => !/^target\.|\.(fc|attention)\./.test(name),
  );
  pretrained = new Map(
    layers.map((parameter) => [parameter.name.replace('auxiliary.', ''), initialWeight(parameter, 99)]),
  );
  await writeFile(path.join(directory, 'faces.safetensors'), Buffer.concat(encodeSafetensors(pretrained, {})));
  backbone = await new ModelImportService(database.dataSource, models, files).import(
    path.join(directory, 'faces.safetensors'),
  );
});
afterAll(async () => {
  await engine.dispose();
  await database.drop();
  await rm(directory, { recursive: true });
});

const checkpointOf = async (model: Model): Promise<Checkpoint> => models.checkpointFor(model);

async function finish({ row }: TrainingRun): Promise<TrainingRun> {
  const recorder = new TrainingRecorder(database.dataSource, files, analyseEpoch);
  const dependencies = {
    dataSource: database.dataSource,
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
  const taken = await database.dataSource.transaction((manager) => takeRun(manager, row, null));
  await runTraining(dependencies, taken!, new AbortController().signal);
  return database.dataSource.getRepository(TrainingRun).findOneByOrFail({ row });
}

describe('a training that begins with a pretrained backbone', () => {
  test('keeps its stem and layer1 as they are, moves the rest, and says where its model comes from', async () => {
    const run = await finish(
      await training.start({ dataset: dataset.id, ...small, initialWeights: (await checkpointOf(backbone)).id }),
    );
    expect([run.state, run.error]).toEqual([RunState.COMPLETED, null]);
    const model = (await models.byRow(run.modelRow))!;
    expect(model.parentRow).toBe(backbone.row);
    const { tensors } = await files.read(await checkpointOf(model));
    for (const name of ['stem.conv.weight', 'layer1.1.conv2.weight'])
      expect(tensors.get(name)!.data, name).toEqual(pretrained.get(name)!.data);
    const moved = tensors.get('target.layer2.0.conv1.weight')!.data;
    expect(moved).not.toEqual(pretrained.get('layer2.0.conv1.weight')!.data);
    // One epoch of Adam moves a weight by thousandths; a drawn one would be elsewhere.
    expect(
      Math.max(...moved.map((value, n) => Math.abs(value - pretrained.get('layer2.0.conv1.weight')!.data[n]!))),
    ).toBeLessThan(0.02);
  });

  test('of another width is refused with both', async () => {
    const initialWeights = (await checkpointOf(backbone)).id;
    await expect(training.start({ dataset: dataset.id, ...small, width: 16, initialWeights })).rejects.toThrow(
      'input.initialWeights: expected weights of a resnet18 of width 16, found "resnet18 of width 8".',
    );
  });
});
