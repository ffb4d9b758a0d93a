import { In, type DataSource, type EntityManager } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import { drawnFacesFormat } from '../../datasets/imports/draw-faces-dataset.js';
import { ConflictError, InvalidInputError, NotFoundError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import type { CheckpointFiles } from '../../models/checkpoints/checkpoint-files.js';
import { Model } from '../../models/model.entity.js';
import type { DataStore } from '../../storage/data-store.js';
import { throwAway } from '../../storage/trash.js';
import { ModelStage } from '../../models/stage.js';
import type { WeightsService } from '../recording/weights/weights.service.js';
import { RunKind, RunState, TrainingRun } from '../training-run.entity.js';

export type DeletableKind = 'dataset' | 'run' | 'model';

/** Something that goes too when what it depends on is deleted. */
export interface Dependent {
  kind: 'run' | 'evaluation' | 'model';
  id: string;
  name: string;
  /** What it has to do with what is deleted. */
  because: string;
}

export interface Deletion {
  id: string;
  name: string;
  dependents: Dependent[];
}

/** What would go, and must be able to. */
interface Plan {
  name: string;
  datasetRow: number | null;
  models: Model[];
  runs: TrainingRun[];
  dependents: Dependent[];
  /** Directory of drawn pictures that no other data set has, relative to this data directory. */
  drawn: string | null;
}

/** Deletes data sets, runs and models. A training and the model it trained are one: with either goes the other. */
export class DeletionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly files: CheckpointFiles,
    private readonly weights: WeightsService,
    private readonly store: DataStore,
  ) {}

  /** What else would go. @throws NotFoundError, InvalidInputError */
  async dependents(kind: DeletableKind, id: string): Promise<Dependent[]> {
    return (await this.plan(this.dataSource.manager, kind, id)).dependents;
  }

  /**
   * Deletes it, with its dependents if `withDependents`. Pictures that were drawn for a data set go into the trash; what
   * was imported in place stays where it is, and copies are swept once no data set has them.
   * @throws InvalidInputError where `confirmName` is not its name; ConflictError with `dependents` where there are some
   * and they shall stay, where
   * a run is under way, or a model is in production.
   */
  async delete(kind: DeletableKind, id: string, confirmName: string, withDependents: boolean): Promise<Deletion> {
    const plan = await this.dataSource.transaction(async (manager) => {
      await lock(manager, kind, rowOf(kind, id));
      await lockAll(manager, await this.plan(manager, kind, id));
      // As it is now that nobody can start, resume or change anything of it.
      const found = await this.plan(manager, kind, id);
      if (confirmName !== found.name)
        throw new InvalidInputError('confirmName', `its name, ${JSON.stringify(found.name)}`, confirmName);
      const { dependents } = found;
      if (dependents.length > 0 && !withDependents)
        throw new ConflictError(`${describe(found.name, dependents)} Give withDependents: true to delete them too.`, {
          dependents,
        });
      this.checkIdle(found);
      await this.remove(manager, found);
      return found;
    });
    await Promise.all(plan.models.map(({ row }) => this.files.removeAll(row)));
    await Promise.all(plan.runs.map(({ row }) => this.weights.removeAll(row)));
    if (plan.drawn !== null) await throwAway(this.store, 'deleted-data-set', [plan.drawn]);
    return { id, name: plan.name, dependents: plan.dependents };
  }

  private checkIdle({ runs, models }: Plan): void {
    const busy = runs.filter(({ state }) => state === RunState.RUNNING || state === RunState.QUEUED);
    if (busy.length > 0)
      throw new ConflictError(`${busy.map(({ id, state }) => `${id} is ${state}`).join(', ')}: cancel it first.`, {
        runs: busy.map(({ id }) => id),
      });
    const used = models.filter(({ stage }) => stage === ModelStage.PRODUCTION);
    if (used.length > 0)
      throw new ConflictError(
        `${used.map(({ family, version }) => `"${family}" version ${version}`).join(', ')} is in production: promote another version or archive it first.`,
        { models: used.map(({ id }) => id) },
      );
  }

  private async remove(manager: EntityManager, { datasetRow, models, runs }: Plan): Promise<void> {
    const runRows = runs.map(({ row }) => row);
    if (runRows.length > 0) await manager.delete(TrainingRun, { row: In(runRows) });
    if (models.length > 0) await manager.delete(Model, { row: In(models.map(({ row }) => row)) });
    if (datasetRow !== null) await manager.delete(Dataset, { row: datasetRow });
  }

  private async plan(manager: EntityManager, kind: DeletableKind, id: string): Promise<Plan> {
    const row = rowOf(kind, id);
    if (kind === 'dataset') {
      const dataset = requireFound(await manager.findOneBy(Dataset, { row }), 'Data set', id);
      const runs = await manager.find(TrainingRun, {
        where: { datasetRow: row },
        relations: { model: true },
        order: { row: 'ASC' },
      });
      const trained = runs.flatMap(({ kind: its, model }) =>
        its === RunKind.EVALUATION || !(model as Model | null) ? [] : [model],
      );
      const closure = await this.closure(manager, { name: dataset.name, datasetRow: row, models: trained, own: [] });
      return { ...closure, drawn: await this.drawnFor(manager, dataset) };
    }
    const run =
      kind === 'run' ? await manager.findOne(TrainingRun, { where: { row }, relations: { model: true } }) : null;
    if (kind === 'run' && !run) throw new NotFoundError('Run', id);
    if (run?.kind === RunKind.EVALUATION || (run && !(run.model as Model | null)))
      return { name: run.name, datasetRow: null, models: [], runs: [run], dependents: [], drawn: null };
    const model = requireFound(run ? run.model : await manager.findOneBy(Model, { row }), 'Model', id);
    return this.closure(manager, { name: run?.name ?? model.name, datasetRow: null, models: [model], own: [id] });
  }

  /**
   * Models, the runs that trained or evaluated them, and the runs on the data set. Models that started from them stay,
   * and lose their parent: that is told.
   */
  private async closure(
    manager: EntityManager,
    { name, datasetRow, models, own }: { name: string; datasetRow: number | null; models: Model[]; own: string[] },
  ): Promise<Plan> {
    const modelRows = models.map(({ row }) => row);
    const where = [
      ...(modelRows.length > 0 ? [{ modelRow: In(modelRows) }] : []),
      ...(datasetRow === null ? [] : [{ datasetRow }]),
    ];
    const runs = where.length > 0 ? await manager.find(TrainingRun, { where, order: { row: 'ASC' } }) : [];
    const children =
      modelRows.length > 0
        ? await manager.find(Model, { where: { parentRow: In(modelRows) }, order: { row: 'ASC' } })
        : [];
    const dependents: Dependent[] = [
      ...runs.map((run): Dependent => ({
        kind: run.kind === RunKind.EVALUATION ? 'evaluation' : 'run',
        id: run.id,
        name: run.name,
        because: reasonOf(run.kind, datasetRow !== null),
      })),
      ...models.map((model): Dependent => ({
        kind: 'model',
        id: model.id,
        name: model.name,
        because: 'it was trained by the run',
      })),
      ...children
        .filter((child) => !modelRows.includes(child.row))
        .map((child): Dependent => ({
          kind: 'model',
          id: child.id,
          name: child.name,
          because: 'it started from these weights; it stays, without its parent',
        })),
    ];
    return {
      name,
      datasetRow,
      models,
      runs,
      dependents: dependents.filter((one) => !own.includes(one.id)),
      drawn: null,
    };
  }

  private async drawnFor(manager: EntityManager, dataset: Dataset): Promise<string | null> {
    const { format, imageStore, imageRoot } = dataset;
    if (format !== drawnFacesFormat || imageStore !== this.store.id) return null;
    return (await manager.countBy(Dataset, { imageStore, imageRoot })) === 1 ? imageRoot : null;
  }
}

const tables = { dataset: 'dataset', run: 'training_run', model: 'model' } as const;

async function lock(manager: EntityManager, kind: DeletableKind, row: number): Promise<void> {
  await manager.query(`SELECT 1 FROM "${tables[kind]}" WHERE "row" = $1 FOR UPDATE`, [row]);
}

/** Runs before models, each in their order: two deletions never wait for each other. */
async function lockAll(manager: EntityManager, { runs, models }: Plan): Promise<void> {
  const rowsOf = (all: readonly { row: number }[]): number[] => all.map(({ row }) => row).sort((a, b) => a - b);
  for (const row of rowsOf(runs)) await lock(manager, 'run', row);
  for (const row of rowsOf(models)) await lock(manager, 'model', row);
}

function reasonOf(kind: RunKind, ofDataset: boolean): string {
  if (kind === RunKind.EVALUATION) return 'it evaluated';
  if (kind === RunKind.RECORDED) return 'it was recorded of the data set';
  return ofDataset ? 'it trained on the data set' : 'it trained the model';
}

const listed = 5;

function describe(name: string, dependents: readonly Dependent[]): string {
  const shown = dependents.slice(0, listed).map(({ kind, id, name: its }) => `${kind} ${id} "${its}"`);
  const more = dependents.length > listed ? ` and ${dependents.length - listed} more` : '';
  return `${JSON.stringify(name)} has ${dependents.length} ${dependents.length === 1 ? 'dependent' : 'dependents'}: ${shown.join(', ')}${more}.`;
}
