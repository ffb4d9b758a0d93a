import DataLoader from 'dataloader';
import { Arg, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { rowOf } from '../graphql/global-id.js';
import { Checkpoint } from './checkpoint.entity.js';
import { ModelKind } from './model-source.js';
import { Model } from './model.entity.js';
import type { ModelService } from './model.service.js';
import type { RegistryService } from './registry.service.js';

@Resolver(() => Model)
export class ModelResolver {
  private readonly byRow: DataLoader<number, Model | null>;

  constructor(
    private readonly service: ModelService,
    private readonly registry: RegistryService,
  ) {
    this.byRow = new DataLoader((rows) => service.byRows(rows), { cache: false });
  }

  @Query(() => [Model], { description: 'Newest first.' })
  models(
    @Arg('kind', () => ModelKind, { nullable: true, description: 'Only of this kind.' }) kind?: ModelKind | null,
  ): Promise<Model[]> {
    return this.service.list(kind ?? null);
  }

  @Query(() => Model, { nullable: true, description: 'Null where there is no such model.' })
  model(@Arg('id', () => ID, { description: 'Like `model_1`.' }) id: string): Promise<Model | null> {
    return this.service.byRow(rowOf('model', id));
  }

  @FieldResolver(() => [Checkpoint], { description: 'LAST before BEST before IMPORTED; empty before the first epoch.' })
  checkpoints(@Root() model: Model): Promise<Checkpoint[]> {
    return this.service.checkpointsOf(model);
  }

  @FieldResolver(() => Model, {
    nullable: true,
    description: 'Whose weights it started from; null where it started from its seed.',
  })
  parent(@Root() model: Model): Promise<Model | null> | null {
    return model.parentRow === null ? null : this.byRow.load(model.parentRow);
  }

  @FieldResolver(() => [Model], { description: 'Models that started from its weights, oldest first.' })
  children(@Root() model: Model): Promise<Model[]> {
    return this.registry.childrenOf(model);
  }
}
