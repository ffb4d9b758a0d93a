import { Arg, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ModelFamily } from './model-family.js';
import { Model } from './model.entity.js';
import type { RegistryService } from './registry.service.js';
import { StageChange } from './stage-change.entity.js';
import { Requires, Role } from '../graphql/role.js';

const reasonOption = { nullable: true, description: 'Kept in the history.' } as const;

@Resolver(() => ModelFamily)
export class RegistryResolver {
  constructor(private readonly registry: RegistryService) {}

  @Query(() => [ModelFamily], { description: 'In alphabetical order.' })
  async modelFamilies(): Promise<ModelFamily[]> {
    return (await this.registry.families()).map((name) => ({ name }));
  }

  @Query(() => ModelFamily, { nullable: true, description: 'Null where no model has this family.' })
  async modelFamily(
    @Arg('name', () => String, { description: 'As in `Model.family`.' }) name: string,
  ): Promise<ModelFamily | null> {
    return (await this.registry.versions(name)).length > 0 ? { name } : null;
  }

  @FieldResolver(() => [Model], { description: 'Newest version first.' })
  versions(@Root() family: ModelFamily): Promise<Model[]> {
    return this.registry.versions(family.name);
  }

  @FieldResolver(() => Model, { nullable: true, description: 'The version in production; null where there is none.' })
  production(@Root() family: ModelFamily): Promise<Model | null> {
    return this.registry.inProduction(family.name);
  }

  @FieldResolver(() => [StageChange], { description: 'Every change of a stage, newest first.' })
  history(@Root() family: ModelFamily): Promise<StageChange[]> {
    return this.registry.history(family.name);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Model, {
    description:
      'Puts a version into production; the one that was there goes into the archive. CONFLICT where it has no checkpoint, is a backbone or is there already.',
  })
  promoteModel(
    @Arg('model', () => ID, { description: 'Like `model_1`.' }) model: string,
    @Arg('reason', () => String, reasonOption) reason?: string | null,
  ): Promise<Model> {
    return this.registry.promote(model, reason ?? null);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Model, {
    description:
      'Takes the version in production out and puts the one it had replaced back, which is returned. Again: one further back. CONFLICT where there is none.',
  })
  rollBackModel(
    @Arg('family', () => String, { description: 'As in `Model.family`.' }) family: string,
    @Arg('reason', () => String, reasonOption) reason?: string | null,
  ): Promise<Model> {
    return this.registry.rollBack(family, reason ?? null);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Model, {
    description: 'Puts a version away, out of production too. CONFLICT where it is in the archive already.',
  })
  archiveModel(
    @Arg('model', () => ID, { description: 'Like `model_1`.' }) model: string,
    @Arg('reason', () => String, reasonOption) reason?: string | null,
  ): Promise<Model> {
    return this.registry.archive(model, reason ?? null);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Model, {
    description: 'Makes an archived version a candidate again. CONFLICT where it is not in the archive.',
  })
  restoreModel(
    @Arg('model', () => ID, { description: 'Like `model_1`.' }) model: string,
    @Arg('reason', () => String, reasonOption) reason?: string | null,
  ): Promise<Model> {
    return this.registry.restore(model, reason ?? null);
  }
}
