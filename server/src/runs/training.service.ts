import { In, LessThan, type DataSource, type EntityManager } from 'typeorm';
import { holdRows } from '../transactions.js';
import { ConflictError, inputError, InvalidInputError, requireFound } from '../errors.js';
import { globalId, rowOf } from '../graphql/global-id.js';
import { Checkpoint, CheckpointKind } from '../models/checkpoint.entity.js';
import type { CheckpointFiles } from '../models/checkpoints/checkpoint-files.js';
import type { ModelService } from '../models/model.service.js';
import { countParameters, parametersOf } from '../ada-df/parameters.js';
import { adaDfConfig } from './settings/ada-df-config.js';
import { mostEpochs } from './settings/network-settings.js';
import { Epoch } from './recorded/epoch.entity.js';
import { requireFusion } from './fusions/saved-fusion.service.js';
import { nameRun } from './settings/run-name.js';
import { RetrainFrom, type RetrainInput } from './settings/retrain-input.js';
import { filteredRuns, listedKinds, type RunFilter } from './run-filter.js';
import { reopenRecording } from './recording/reopen-recording.js';
import { RunLogLine } from './run-log.entity.js';
import { addRunLog } from './run-log.js';
import { type DescribeRunInput, describeRun } from './run-notes.js';
import { announce } from './events/training-events.js';
import { noInitialWeights, type StartTrainingInput } from './settings/training-input.js';
import { namedBy, readTrainingRequest, type TrainingRequest } from './training-request.js';
import type { TrainingQueue } from './queue/training-queue.js';
import { isRecorded, RunState, TrainingRun } from './training-run.entity.js';
import { wantedWorker, WorkerKind } from './workers/worker-kind.js';
import { listWorkers, type WorkerNow } from './workers/worker-registry.js';
import { Worker } from './workers/worker.entity.js';

export class TrainingService {
  /** Why the workers that this platform starts cannot start; null where they can. */
  workerTrouble: string | null = null;

  constructor(
    readonly dataSource: DataSource,
    private readonly models: ModelService,
    private readonly queue: TrainingQueue,
    private readonly files: CheckpointFiles,
  ) {}

  /**
   * Creates the run with its model and puts it in the queue, in one transaction. @param priority in the queue; runs
   * that are started alone have 0.
   */
  async start(input: StartTrainingInput, parentRow: number | null = null, priority: number = 0): Promise<TrainingRun> {
    const request = await readTrainingRequest(this.dataSource, input);
    return this.dataSource.transaction((manager) => this.startWithin(manager, input, request, { parentRow, priority }));
  }

  /** The same in the transaction of the caller, who has read the request. @throws InvalidInputError */
  async startWithin(
    manager: EntityManager,
    input: StartTrainingInput,
    request: TrainingRequest,
    {
      parentRow = null,
      tags = [],
      priority = 0,
    }: { parentRow?: number | null; tags?: string[]; priority?: number } = {},
  ): Promise<TrainingRun> {
    const { dataset, labelSet, configuration, initial, problems } = request;
    if (problems.length > 0) throw inputError(problems);
    const wanted = wantedWorker(input.worker, input.backend);
    const name = input.name?.trim() || nameRun(dataset.name, labelSet.name, configuration, new Date());
    await holdRows(manager, namedBy(request, parentRow));
    const model = await this.models.create(manager, {
      name,
      family: dataset.name,
      backbone: configuration.backbone.toLowerCase(),
      width: configuration.width,
      classes: dataset.classes,
      imageSize: configuration.imageSize,
      parentRow: initial?.modelRow ?? null,
      parameterCount: countParameters(parametersOf(adaDfConfig(configuration, dataset.classes.length))),
    });
    const copied = initial && (await this.files.copy(initial, model.row));
    const repository = manager.getRepository(TrainingRun);
    const begins = { parentRow, initialPath: copied?.path ?? null, initialSha256: copied?.sha256 ?? null };
    const run = await repository.save(
      repository.create({
        name,
        tags,
        datasetRow: dataset.row,
        labelSetRow: labelSet.row,
        modelRow: model.row,
        configuration,
        progress: null,
        wantedWorker: wanted,
        ...begins,
      }),
    );
    await this.queue.enqueue(manager, run.row, wanted, priority);
    await announce(manager, { run: run.row, kind: 'state' });
    return repository.findOneByOrFail({ row: run.row });
  }

  /** A new run with the settings of `id`, on the labels of another set. */
  async retrain(id: string, input: RetrainInput): Promise<TrainingRun> {
    const run = requireFound(await this.byRow(rowOf('run', id, 'run')), 'Run', id);
    if (isRecorded(run))
      throw new ConflictError(
        `Run ${id} was recorded elsewhere: nobody here can run its code. Make a label set, download its labels as CSV, train with them where the run was trained, and record that run too: runComparison then says what it changed.`,
        { kind: run.kind },
      );
    const { labelSet, from, checkpoint, name, fusion, ...changes } = input;
    const given = Object.fromEntries(
      Object.entries(changes).filter(([, value]) => value !== null && value !== undefined),
    );
    const initialWeights =
      from === RetrainFrom.CHECKPOINT ? await this.checkpointOf(run, checkpoint ?? null) : noInitialWeights;
    const worker =
      run.wantedWorker === WorkerKind.GPU
        ? { worker: WorkerKind.GPU }
        : run.wantedWorker === WorkerKind.ANY
          ? {}
          : { backend: run.wantedWorker };
    const again = {
      ...run.configuration,
      ...(fusion && (await requireFusion(this.dataSource, fusion, run.datasetRow)).settings),
      ...worker,
      ...given,
      dataset: globalId('dataset', run.datasetRow),
      labelSet,
      initialWeights,
      name: name ?? `${run.name}, retrained`,
    };
    return this.start(again, run.row);
  }

  private async checkpointOf(run: TrainingRun, kind: CheckpointKind | null): Promise<string> {
    const checkpoints = await this.dataSource.getRepository(Checkpoint).findBy({ modelRow: run.modelRow });
    const wanted = kind === null ? [CheckpointKind.BEST, CheckpointKind.LAST] : [kind];
    const found = wanted
      .map((each) => checkpoints.find((checkpoint) => checkpoint.kind === each))
      .find((each) => each !== undefined);
    if (!found)
      throw new ConflictError(`Run ${run.id} has no ${kind ?? ''} checkpoint to begin with: retrain it from SCRATCH.`, {
        state: run.state,
      });
    return found.id;
  }

  /**
   * A run that failed, was cancelled, or is to have more epochs goes on from its last checkpoint.
   * @param epochs in all; null: as many as it was to have. @param priority as of `start`.
   */
  async resume(id: string, epochs: number | null, priority: number = 0): Promise<TrainingRun> {
    const row = rowOf('run', id, 'run');
    return this.dataSource.transaction(async (manager) => {
      const run = await this.locked(manager, row, id);
      if (run.state === RunState.QUEUED || run.state === RunState.RUNNING)
        throw new ConflictError(`Run ${id} is ${run.state} already.`, { state: run.state });
      if (isRecorded(run)) return reopenRecording(manager, run);
      const done = await manager.getRepository(Epoch).countBy({ runRow: row });
      const least = Math.max(done, 1) + (run.state === RunState.COMPLETED ? 1 : 0);
      const total = epochs ?? run.configuration.epochs;
      if (!Number.isInteger(total) || total < least || total > mostEpochs)
        throw new InvalidInputError(
          'epochs',
          `a whole number from ${least} to ${mostEpochs}: ${done} are done and the run is ${run.state}`,
          total,
        );
      Object.assign(run, {
        state: RunState.QUEUED,
        cancelRequested: false,
        error: null,
        finishedAt: null,
        losses: 0,
        workerRow: null,
        configuration: { ...run.configuration, epochs: total },
      });
      await manager.save(run);
      await addRunLog(manager, row, 'INFO', `to go on after epoch ${done}, to epoch ${total}`);
      await this.queue.enqueue(manager, row, run.wantedWorker, priority);
      await announce(manager, { run: row, kind: 'state' });
      return run;
    });
  }

  /** A queued run ends at once; a running one at its next step. */
  async cancel(id: string): Promise<TrainingRun> {
    const row = rowOf('run', id, 'run');
    return this.dataSource.transaction(async (manager) => {
      const run = await this.locked(manager, row, id);
      if (run.state !== RunState.QUEUED && run.state !== RunState.RUNNING) {
        throw new ConflictError(
          `Run ${id} is ${run.state} and cannot be cancelled; only QUEUED and RUNNING runs can.`,
          { state: run.state },
        );
      }
      run.cancelRequested = true;
      // Nobody here trains a recorded run: it takes no more uploads from now on.
      if (run.state === RunState.QUEUED || isRecorded(run)) {
        run.state = RunState.CANCELLED;
        run.finishedAt = new Date();
      }
      await manager.save(run);
      await announce(manager, { run: row, kind: 'cancel' });
      return run;
    });
  }

  private async locked(manager: EntityManager, row: number, id: string): Promise<TrainingRun> {
    const run = requireFound(
      await manager.getRepository(TrainingRun).findOne({ where: { row }, lock: { mode: 'pessimistic_write' } }),
      'Run',
      id,
    );
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

  /**
   * Newest first, before the run `beforeRow`. One more than `limit`, so that the caller knows whether there is more.
   */
  page(limit: number, beforeRow: number | null, filter: RunFilter): Promise<TrainingRun[]> {
    const query = filteredRuns(this.dataSource, filter)
      .orderBy('run.row', 'DESC')
      .limit(limit + 1);
    if (beforeRow !== null) query.andWhere('run.row < :beforeRow', { beforeRow });
    return query.getMany();
  }

  count(filter: RunFilter): Promise<number> {
    return filteredRuns(this.dataSource, filter).getCount();
  }

  /** @throws InvalidInputError, NotFoundError */
  describe(id: string, input: DescribeRunInput): Promise<TrainingRun> {
    const row = rowOf('run', id, 'run');
    return this.dataSource.transaction((manager) => describeRun(manager, row, input));
  }

  ofDataset(datasetRow: number): Promise<TrainingRun[]> {
    return this.dataSource
      .getRepository(TrainingRun)
      .find({ where: { datasetRow, kind: In(listedKinds) }, order: { row: 'DESC' } });
  }

  /** Newest first. */
  ofLabelSet(labelSetRow: number): Promise<TrainingRun[]> {
    return this.dataSource
      .getRepository(TrainingRun)
      .find({ where: { labelSetRow, kind: In(listedKinds) }, order: { row: 'DESC' } });
  }

  ofModel(modelRow: number): Promise<TrainingRun | null> {
    return this.dataSource.getRepository(TrainingRun).findOneBy({ modelRow, kind: In(listedKinds) });
  }

  /** Oldest first. */
  epochsOf(runRow: number): Promise<Epoch[]> {
    return this.dataSource.getRepository(Epoch).find({ where: { runRow }, order: { number: 'ASC' } });
  }

  /** The newest epoch where `number` is null. */
  epochOf(runRow: number, number: number | null): Promise<Epoch | null> {
    return this.dataSource
      .getRepository(Epoch)
      .findOne({ where: number === null ? { runRow } : { runRow, number }, order: { number: 'DESC' } });
  }

  epochByRow(row: number): Promise<Epoch | null> {
    return this.dataSource.getRepository(Epoch).findOneBy({ row });
  }

  /** Newest first; one more than `limit`, so that the caller knows whether there is more. */
  log(runRow: number, limit: number, beforeRow: number | null): Promise<RunLogLine[]> {
    return this.dataSource.getRepository(RunLogLine).find({
      where: { runRow, ...(beforeRow === null ? {} : { row: LessThan(beforeRow) }) },
      order: { row: 'DESC' },
      take: limit + 1,
    });
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
