import { In, type DataSource, type EntityManager } from 'typeorm';
import { Checkpoint } from './checkpoint.entity.js';
import { Model } from './model.entity.js';

export class ModelService {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  list(): Promise<Model[]> {
    return this.dataSource.getRepository(Model).find({ order: { row: 'DESC' } });
  }

  byRow(row: number): Promise<Model | null> {
    return this.dataSource.getRepository(Model).findOneBy({ row });
  }

  /** In the order of `rows`; null where there is none. */
  async byRows(rows: readonly number[]): Promise<(Model | null)[]> {
    const found = await this.dataSource.getRepository(Model).findBy({ row: In([...rows]) });
    const byRow = new Map(found.map((model) => [model.row, model]));
    return rows.map((row) => byRow.get(row) ?? null);
  }

  create(manager: EntityManager, model: Pick<Model, 'name' | 'backbone' | 'width' | 'classes' | 'imageSize' | 'parameterCount'>): Promise<Model> {
    return manager.getRepository(Model).save(manager.getRepository(Model).create(model));
  }

  checkpointByRow(row: number): Promise<Checkpoint | null> {
    return this.dataSource.getRepository(Checkpoint).findOneBy({ row });
  }

  /** LAST before BEST. */
  checkpointsOf(model: Model): Promise<Checkpoint[]> {
    return this.dataSource.getRepository(Checkpoint).find({ where: { modelRow: model.row }, order: { kind: 'ASC' } });
  }
}
