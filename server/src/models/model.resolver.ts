import { Arg, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { rowOf } from '../graphql/global-id.js';
import { Checkpoint } from './checkpoint.entity.js';
import { Model } from './model.entity.js';
import type { ModelService } from './model.service.js';

@Resolver(() => Model)
export class ModelResolver {
  constructor(private readonly service: ModelService) {}

  @Query(() => [Model], { description: 'Newest first.' })
  models(): Promise<Model[]> {
    return this.service.list();
  }

  @Query(() => Model, { nullable: true, description: 'Null where there is no such model.' })
  model(@Arg('id', () => ID) id: string): Promise<Model | null> {
    return this.service.byRow(rowOf('model', id));
  }

  @FieldResolver(() => [Checkpoint], { description: 'LAST before BEST; empty before the first epoch.' })
  checkpoints(@Root() model: Model): Promise<Checkpoint[]> {
    return this.service.checkpointsOf(model);
  }
}
