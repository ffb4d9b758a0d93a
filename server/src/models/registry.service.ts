import type { DataSource, EntityManager } from 'typeorm';
import { ConflictError, requireFound } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import { Checkpoint } from './checkpoint.entity.js';
import { ModelFamilyRow } from './model-family.entity.js';
import { ModelKind } from './model-source.js';
import { Model } from './model.entity.js';
import { ModelStage, StageAction } from './stage.js';
import { StageChange } from './stage-change.entity.js';

/**
 * Stages of versions, and their history. Every change locks its family, so that two people who promote at once do it
 * one after the other.
 */
export class RegistryService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The version goes into production; the one that was there into the archive. @throws ConflictError where it cannot
   * predict or is there already.
   */
  promote(id: string, reason: string | null): Promise<Model> {
    return this.change(id, async (manager, model) => {
      if (model.kind !== ModelKind.ADA_DF)
        throw new ConflictError(`Model ${id} is a backbone and predicts nothing; train a model from it first.`, {
          kind: model.kind,
        });
      if (model.stage === ModelStage.PRODUCTION)
        throw new ConflictError(`Model ${id} (${model.family} version ${model.version}) is in production already.`, {
          stage: model.stage,
        });
      if (!(await manager.existsBy(Checkpoint, { modelRow: model.row })))
        throw new ConflictError(`Model ${id} has no checkpoint yet: its run has not finished an epoch.`, { model: id });
      const replaced = await this.production(manager, model.family);
      if (replaced) await this.setStage(manager, replaced, ModelStage.ARCHIVED);
      await this.record(manager, model, StageAction.PROMOTE, ModelStage.PRODUCTION, replaced?.row ?? null, reason);
    });
  }

  /**
   * The version in production makes way for the one it had replaced. @throws ConflictError where there is none, or it
   * was deleted.
   */
  async rollBack(family: string, reason: string | null): Promise<Model> {
    return this.dataSource.transaction(async (manager) => {
      await this.lock(manager, family);
      const current = await this.production(manager, family);
      if (!current) throw new ConflictError(`No version of "${family}" is in production.`, { family });
      const changes = manager.getRepository(StageChange);
      const promotion = await changes.findOne({
        where: { modelRow: current.row, action: StageAction.PROMOTE },
        order: { row: 'DESC' },
      });
      const before = promotion?.replacedRow ? await manager.findOneBy(Model, { row: promotion.replacedRow }) : null;
      if (!before)
        throw new ConflictError(
          `"${family}" version ${current.version} replaced no version that is still there; promote another one instead.`,
          { family, version: current.version },
        );
      await this.setStage(manager, current, ModelStage.CANDIDATE);
      await this.record(manager, before, StageAction.ROLL_BACK, ModelStage.PRODUCTION, current.row, reason);
      return before;
    });
  }

  /** Out of use, production included. @throws ConflictError where it is in the archive already. */
  archive(id: string, reason: string | null): Promise<Model> {
    return this.change(id, async (manager, model) => {
      if (model.stage === ModelStage.ARCHIVED)
        throw new ConflictError(`Model ${id} is in the archive already.`, { stage: model.stage });
      await this.record(manager, model, StageAction.ARCHIVE, ModelStage.ARCHIVED, null, reason);
    });
  }

  /** Out of the archive, a candidate again. @throws ConflictError where it is not in the archive. */
  restore(id: string, reason: string | null): Promise<Model> {
    return this.change(id, async (manager, model) => {
      if (model.stage !== ModelStage.ARCHIVED)
        throw new ConflictError(`Model ${id} is ${model.stage}, not in the archive.`, { stage: model.stage });
      await this.record(manager, model, StageAction.RESTORE, ModelStage.CANDIDATE, null, reason);
    });
  }

  /** In alphabetical order. */
  async families(): Promise<string[]> {
    const rows: { family: string }[] = await this.dataSource.query('SELECT DISTINCT family FROM model ORDER BY family');
    return rows.map(({ family }) => family);
  }

  /** Newest version first. */
  versions(family: string): Promise<Model[]> {
    return this.dataSource.getRepository(Model).find({ where: { family }, order: { version: 'DESC' } });
  }

  /** The version in production; null where there is none. */
  inProduction(family: string): Promise<Model | null> {
    return this.production(this.dataSource.manager, family);
  }

  /** Of a family, newest first. */
  history(family: string): Promise<StageChange[]> {
    return this.dataSource
      .getRepository(StageChange)
      .find({ where: { model: { family } }, relations: { model: true, replaced: true }, order: { row: 'DESC' } });
  }

  /** Models that were trained from this one's weights, oldest first. */
  childrenOf(model: Model): Promise<Model[]> {
    return this.dataSource.getRepository(Model).find({ where: { parentRow: model.row }, order: { row: 'ASC' } });
  }

  private change(id: string, work: (manager: EntityManager, model: Model) => Promise<void>): Promise<Model> {
    return this.dataSource.transaction(async (manager) => {
      const row = rowOf('model', id, 'model');
      const known = requireFound(await manager.findOneBy(Model, { row }), 'Model', id);
      await this.lock(manager, known.family);
      const model = await manager.findOneByOrFail(Model, { row });
      await work(manager, model);
      return model;
    });
  }

  private async lock(manager: EntityManager, family: string): Promise<void> {
    requireFound(
      await manager.findOne(ModelFamilyRow, {
        where: { name: family },
        lock: { mode: 'pessimistic_write' },
      }),
      'Model family',
      family,
    );
  }

  private production(manager: EntityManager, family: string): Promise<Model | null> {
    return manager.findOneBy(Model, { family, stage: ModelStage.PRODUCTION });
  }

  private async setStage(manager: EntityManager, model: Model, stage: ModelStage): Promise<void> {
    model.stage = stage;
    await manager.update(Model, { row: model.row }, { stage });
  }

  private async record(
    manager: EntityManager,
    model: Model,
    action: StageAction,
    to: ModelStage,
    replacedRow: number | null,
    reason: string | null,
  ): Promise<void> {
    const fromStage = model.stage;
    await this.setStage(manager, model, to);
    await manager.insert(StageChange, {
      modelRow: model.row,
      action,
      fromStage,
      toStage: to,
      replacedRow,
      reason: reason?.trim() || null,
    });
  }
}
