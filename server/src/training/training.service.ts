import { In, LessThan, type DataSource, type EntityManager } from 'typeorm';
import { Dataset } from '../datasets/dataset.entity.js';
import { Split } from '../datasets/split.js';
import { ConflictError, NotFoundError } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import { givenLabelSet } from '../labels/base-label-sets.js';
import type { LabelSet } from '../labels/label-set.entity.js';
import { requireLabelSet } from '../labels/label-set.service.js';
import type { ModelService } from '../models/model.service.js';
import { adaDfConfig, countParameters } from './ada-df-config.js';
import { configureTraining } from './configure-training.js';
import { Epoch } from './epoch.entity.js';
import { RunLogLine } from './run-log.entity.js';
import { announce } from './training-events.js';
import type { StartTrainingInput } from './training-input.js';
import type { TrainingQueue } from './training-queue.js';
import { RunState, TrainingRun } from './training-run.entity.js';
import { wantedWorker } from './worker-kind.js';
import { listWorkers, type WorkerNow } from './worker-registry.js';
import { Worker } from './worker.entity.js';

export class TrainingService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly models: ModelService,
    private readonly queue: TrainingQueue,
  ) {}

  /** Creates the run with its model and puts it in the queue, in one transaction. */
  async start(input: StartTrainingInput): Promise<TrainingRun> {
    const datasetRow = rowOf('dataset', input.dataset, 'input.dataset');
    const dataset = await this.dataSource.getRepository(Dataset).findOneBy({ row: datasetRow });
    if (!dataset) throw new NotFoundError('Data set', input.dataset);
    const labelSet = await this.labelSetOf(dataset, input.labelSet ?? null);
    const training = labelSet.balance.find(({ split }) => split === Split.TRAIN);
    const configuration = configureTraining(input, training?.classCounts ?? dataset.classes.map(() => 0));
    const wanted = wantedWorker(input.worker, input.backend);
    const name = input.name?.trim() || `${dataset.name} ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`;
    return this.dataSource.transaction(async (manager) => {
      const model = await this.models.create(manager, {
        name,
        family: dataset.name,
        backbone: configuration.backbone.toLowerCase(),
        width: configuration.width,
        classes: dataset.classes,
        imageSize: configuration.imageSize,
        parameterCount: countParameters(adaDfConfig(configuration, dataset.classes.length)),
      });
      const repository = manager.getRepository(TrainingRun);
      const run = await repository.save(repository.create({ name, datasetRow, labelSetRow: labelSet.row, modelRow: model.row, configuration, progress: null, wantedWorker: wanted }));
      await this.queue.enqueue(manager, run.row, wanted);
      await announce(manager, { run: run.row, kind: 'state' });
      return repository.findOneByOrFail({ row: run.row });
    });
  }

  private async labelSetOf(dataset: Dataset, id: string | null): Promise<LabelSet> {
    if (id !== null) return requireLabelSet(this.dataSource.manager, id, 'input.labelSet', dataset.row);
    return this.dataSource.transaction((manager) => givenLabelSet(manager, dataset));
  }

  /** A queued run ends at once; a running one at its next step. */
  async cancel(id: string): Promise<TrainingRun> {
    const row = rowOf('run', id, 'run');
    return this.dataSource.transaction(async (manager) => {
      const run = await this.locked(manager, row, id);
      if (run.state !== RunState.QUEUED && run.state !== RunState.RUNNING) {
        throw new ConflictError(`Run ${id} is ${run.state} and cannot be cancelled; only QUEUED and RUNNING runs can.`, { state: run.state });
      }
      run.cancelRequested = true;
      if (run.state === RunState.QUEUED) {
        run.state = RunState.CANCELLED;
        run.finishedAt = new Date();
      }
      await manager.save(run);
      await announce(manager, { run: row, kind: 'cancel' });
      return run;
    });
  }

  private async locked(manager: EntityManager, row: number, id: string): Promise<TrainingRun> {
    const run = await manager.getRepository(TrainingRun).findOne({ where: { row }, lock: { mode: 'pessimistic_write' } });
    if (!run) throw new NotFoundError('Run', id);
    return run;
  }

  byRow(row: number): Promise<TrainingRun | null> {
    return this.dataSource.getRepository(TrainingRun).findOneBy({ row });
  }

  /** In the order of `rows`; null where there is none. */
  async byRows(rows: readonly number[]): Promise<(TrainingRun | null)[]> {
    const found = await this.dataSource.getRepository(TrainingRun).findBy({ row: In([...rows]) });
    const byRow = new Map(found.map((run) => [run.row, run]));
    return rows.map((row) => byRow.get(row) ?? null);
  }

  /** Newest first, before the run `beforeRow`. One more than `limit`, so that the caller knows whether there is more. */
  page(limit: number, beforeRow: number | null, state: RunState | null): Promise<TrainingRun[]> {
    const query = this.dataSource.getRepository(TrainingRun).createQueryBuilder('run').orderBy('run.row', 'DESC').limit(limit + 1);
    if (beforeRow !== null) query.andWhere('run.row < :beforeRow', { beforeRow });
    if (state !== null) query.andWhere('run.state = :state', { state });
    return query.getMany();
  }

  count(state: RunState | null): Promise<number> {
    return this.dataSource.getRepository(TrainingRun).countBy(state === null ? {} : { state });
  }

  ofDataset(datasetRow: number): Promise<TrainingRun[]> {
    return this.dataSource.getRepository(TrainingRun).find({ where: { datasetRow }, order: { row: 'DESC' } });
  }

  /** Newest first. */
  ofLabelSet(labelSetRow: number): Promise<TrainingRun[]> {
    return this.dataSource.getRepository(TrainingRun).find({ where: { labelSetRow }, order: { row: 'DESC' } });
  }

  ofModel(modelRow: number): Promise<TrainingRun | null> {
    return this.dataSource.getRepository(TrainingRun).findOneBy({ modelRow });
  }

  /** Oldest first. */
  epochsOf(runRow: number): Promise<Epoch[]> {
    return this.dataSource.getRepository(Epoch).find({ where: { runRow }, order: { number: 'ASC' } });
  }

  /** The newest epoch where `number` is null. */
  epochOf(runRow: number, number: number | null): Promise<Epoch | null> {
    return this.dataSource.getRepository(Epoch).findOne({ where: number === null ? { runRow } : { runRow, number }, order: { number: 'DESC' } });
  }

  epochByRow(row: number): Promise<Epoch | null> {
    return this.dataSource.getRepository(Epoch).findOneBy({ row });
  }

  /** Newest first; one more than `limit`, so that the caller knows whether there is more. */
  log(runRow: number, limit: number, beforeRow: number | null): Promise<RunLogLine[]> {
    return this.dataSource.getRepository(RunLogLine).find({ where: { runRow, ...(beforeRow === null ? {} : { row: LessThan(beforeRow) }) }, order: { row: 'DESC' }, take: limit + 1 });
  }

  countLog(runRow: number): Promise<number> {
    return this.dataSource.getRepository(RunLogLine).countBy({ runRow });
  }

  workers(ended: boolean): Promise<WorkerNow[]> {
    return listWorkers(this.dataSource, ended);
  }

  workerByRow(row: number): Promise<Worker | null> {
    return this.dataSource.getRepository(Worker).findOneBy({ row });
  }
}
