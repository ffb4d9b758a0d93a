import { In, type DataSource, type EntityManager } from 'typeorm';
import { ConflictError, requireFound } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import { Checkpoint, CheckpointKind } from './checkpoint.entity.js';
import type { ModelKind } from './model-source.js';
import { Model } from './model.entity.js';

type Described = Pick<Model, 'name' | 'backbone' | 'width' | 'classes' | 'imageSize' | 'parameterCount'>;

/** A model as it is made; the rest has defaults. */
export interface NewModel extends Described, Partial<Pick<Model, 'kind' | 'origin' | 'parentRow' | 'source'>> {
  /** Default: its name. The model becomes the next version of it. */
  family?: string;
}

/** Which checkpoint speaks for a model where none is named: the first of these that it has. */
const preference: readonly CheckpointKind[] = [CheckpointKind.BEST, CheckpointKind.LAST, CheckpointKind.IMPORTED];

export class ModelService {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  list(kind: ModelKind | null = null): Promise<Model[]> {
    return this.dataSource.getRepository(Model).find({ where: kind === null ? {} : { kind }, order: { row: 'DESC' } });
  }

  byRow(row: number): Promise<Model | null> {
    return this.dataSource.getRepository(Model).findOneBy({ row });
  }

  /** @throws NotFoundError, InvalidInputError where `id` is not the id of a model. */
  async byId(id: string, path = 'model'): Promise<Model> {
    const model = requireFound(await this.byRow(rowOf('model', id, path)), 'Model', id);
    return model;
  }

  /** In the order of `rows`; null where there is none. */
  async byRows(rows: readonly number[]): Promise<(Model | null)[]> {
    const found = await this.dataSource.getRepository(Model).findBy({ row: In([...rows]) });
    const byRow = new Map(found.map((model) => [model.row, model]));
    return rows.map((row) => byRow.get(row) ?? null);
  }

  /** Within the caller's transaction. */
  async create(manager: EntityManager, { family, ...model }: NewModel): Promise<Model> {
    const name = family ?? model.name;
    const numbered: { last_version: number }[] = await manager.query(
      'INSERT INTO model_family (name, last_version) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET last_version = model_family.last_version + 1 RETURNING last_version',
      [name],
    );
    const repository = manager.getRepository(Model);
    return repository.save(repository.create({ ...model, family: name, version: numbered[0].last_version }));
  }

  checkpointByRow(row: number): Promise<Checkpoint | null> {
    return this.dataSource.getRepository(Checkpoint).findOneBy({ row });
  }

  /** Null where there is none. */
  checkpointWithModel(row: number): Promise<Checkpoint | null> {
    return this.dataSource.getRepository(Checkpoint).findOne({ where: { row }, relations: { model: true } });
  }

  /** LAST before BEST before IMPORTED. */
  checkpointsOf(model: Model): Promise<Checkpoint[]> {
    return this.dataSource.getRepository(Checkpoint).find({ where: { modelRow: model.row }, order: { kind: 'ASC' } });
  }

  /**
   * The named checkpoint of the model, or the one that speaks for it: BEST, else LAST, else IMPORTED. With its model.
   * @throws NotFoundError without such a checkpoint, ConflictError where the model has none yet.
   */
  async checkpointFor(model: Model, id: string | null = null): Promise<Checkpoint> {
    const all = await this.checkpointsOf(model);
    if (id !== null) {
      const row = rowOf('checkpoint', id, 'checkpoint');
      const named = requireFound(
        all.find((checkpoint) => checkpoint.row === row),
        `Checkpoint of ${model.id}`,
        id,
      );
      return Object.assign(named, { model });
    }
    const chosen = preference.flatMap((kind) => all.filter((checkpoint) => checkpoint.kind === kind))[0] ?? all[0];
    if (!chosen)
      throw new ConflictError(`Model ${model.id} has no checkpoint yet: its run has not finished an epoch.`, {
        model: model.id,
      });
    return Object.assign(chosen, { model });
  }
}
