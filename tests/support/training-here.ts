import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { analyseEpoch } from '../../server/src/analysis/record/analyse-epoch.js';
import type { Dataset } from '../../server/src/datasets/dataset.entity.js';
import { startEngine, type Engine } from '../../server/src/engine/engine.js';
import { Checkpoint, CheckpointKind } from '../../server/src/models/checkpoint.entity.js';
import { CheckpointFiles } from '../../server/src/models/checkpoints/checkpoint-files.js';
import type { NamedTensor } from '../../server/src/models/checkpoints/safetensors.js';
import { ModelService } from '../../server/src/models/model.service.js';
import { runners } from '../../server/src/platform/runners.js';
import { TrainingRecorder } from '../../server/src/training/record-training.js';
import { takeRun } from '../../server/src/runs/queue/run-lease.js';
import { RunStopped } from '../../server/src/training/run-stopped.js';
import { runTraining } from '../../server/src/training/run-training.js';
import type { TrainingDependencies } from '../../server/src/training/training-dependencies.js';
import type { StartTrainingInput } from '../../server/src/runs/settings/training-input.js';
import type { TrainingQueue } from '../../server/src/runs/queue/training-queue.js';
import { TrainingRun } from '../../server/src/runs/training-run.entity.js';
import { TrainingService } from '../../server/src/runs/training.service.js';
import { colouredDataset } from './coloured-images.js';
import { testDatabase } from './database.js';
import { DataStore } from '../../server/src/storage/data-store.js';

const noQueue = { enqueue: async () => undefined } as unknown as TrainingQueue;
const small = { width: 8, imageSize: 32, batchSize: 12, epochs: 3, threshold: 0.5, seed: 3 };

/** Trains small runs in this process, without a queue: the test takes the place of the worker. */
export class TrainingHere {
  private constructor(
    readonly database: Awaited<ReturnType<typeof testDatabase>>,
    readonly engine: Engine,
    readonly training: TrainingService,
    private readonly directory: string,
    private readonly dataset: Dataset,
    private readonly dependencies: TrainingDependencies,
  ) {}

  static async open(): Promise<TrainingHere> {
    const database = await testDatabase();
    const { dataSource } = database;
    const directory = await mkdtemp(path.join(tmpdir(), 'training-here-'));
    const engine = await startEngine({ backend: 'auto', threads: 1, log: () => undefined });
    const dataset = await colouredDataset(dataSource, { directory: path.join(directory, 'coloured') });
    const files = new CheckpointFiles(DataStore.open(directory));
    const recorder = new TrainingRecorder(dataSource, files, analyseEpoch);
    const { kernels, compile, name: backend, device } = engine;
    const dependencies = {
      dataSource,
      store: DataStore.open(directory),
      recorder,
      runners,
      files,
      kernels,
      compile,
      backend,
      device,
      giveBack: async () => undefined,
      log: () => undefined,
    };
    return new TrainingHere(
      database,
      engine,
      new TrainingService(dataSource, new ModelService(dataSource), noQueue, files),
      directory,
      dataset,
      dependencies,
    );
  }

  start(input: Partial<StartTrainingInput> = {}): Promise<TrainingRun> {
    return this.training.start({ dataset: this.dataset.id, ...small, ...input });
  }

  /** @param cancelAfter epoch after which the run is cancelled. */
  async train(run: TrainingRun, cancelAfter?: number): Promise<void> {
    const { dataSource, files } = this.dependencies;
    const stop = new AbortController();
    const log = (line: string): void => {
      if (line.includes(`epoch ${cancelAfter}/`)) stop.abort(new RunStopped('cancelled'));
    };
    const taken = await takeRun(dataSource.manager, run.row, null);
    await runTraining(
      { ...this.dependencies, recorder: new TrainingRecorder(dataSource, files, analyseEpoch, log) },
      taken!,
      stop.signal,
    );
  }

  reload(run: TrainingRun): Promise<TrainingRun> {
    return this.database.dataSource.getRepository(TrainingRun).findOneByOrFail({ row: run.row });
  }

  async losses(run: TrainingRun): Promise<number[]> {
    return (await this.training.epochsOf(run.row)).map(({ losses }) => losses!.total);
  }

  checkpoint(run: TrainingRun): Promise<Checkpoint> {
    return this.database.dataSource
      .getRepository(Checkpoint)
      .findOneByOrFail({ modelRow: run.modelRow, kind: CheckpointKind.LAST });
  }

  async tensors(run: TrainingRun): Promise<Map<string, NamedTensor>> {
    return (await this.dependencies.files.read(await this.checkpoint(run))).tensors;
  }

  async close(): Promise<void> {
    await this.engine.dispose();
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
