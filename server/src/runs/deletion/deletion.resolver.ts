import { Arg, Field, ID, Mutation, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import { InvalidInputError } from '../../errors.js';
import { parseGlobalId } from '../../graphql/global-id.js';
import type { Deletion, DeletionService } from './deletion.service.js';
import { Requires, Role } from '../../graphql/role.js';

export enum DependentKind {
  RUN = 'RUN',
  EVALUATION = 'EVALUATION',
  MODEL = 'MODEL',
}
registerEnumType(DependentKind, {
  name: 'DependentKind',
  description: 'RUN and EVALUATION have ids of runs; MODEL has the id of a model.',
});

@ObjectType({ description: 'Something that depends on what is to be deleted.' })
export class DependentView {
  @Field(() => DependentKind, { description: 'What it is.' })
  kind!: DependentKind;

  @Field(() => ID, { description: 'Its own id.' })
  id!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'What it has to do with it, in words.' })
  because!: string;
}

@ObjectType({ description: 'What was deleted, and what with it.' })
export class DeletionView {
  @Field(() => ID, { description: 'As it was asked for; there is nothing under it any more.' })
  id!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => [DependentView], { description: 'What depended on it; gone too unless `because` says that it stays.' })
  dependents!: DependentView[];
}

const idOption = { description: 'Of a data set, a run or a model.' } as const;
const nameOption = { description: 'Its name, as a confirmation.' } as const;
const withOption = { defaultValue: false, description: 'Delete what depends on it too.' } as const;
const refusals =
  'INVALID_INPUT where `confirmName` is not its name. CONFLICT with the list in `extensions.dependents` where something depends on it and `withDependents` is false, where a run is under way, or a model in production.';

@Resolver()
export class DeletionResolver {
  constructor(private readonly deletions: DeletionService) {}

  @Query(() => [DependentView], { description: 'What depends on a data set, a run or a model, and would go with it.' })
  async dependents(@Arg('id', () => ID, idOption) id: string): Promise<DependentView[]> {
    const kind = parseGlobalId(id)?.kind;
    if (kind !== 'dataset' && kind !== 'run' && kind !== 'model')
      throw new InvalidInputError('id', 'the id of a dataset, a run or a model', id);
    return viewsOf(await this.deletions.dependents(kind, id));
  }

  @Requires(Role.ADMIN)
  @Mutation(() => DeletionView, {
    description: `Deletes a data set with its samples and label sets; its images stay where they are. ${refusals}`,
  })
  async deleteDataset(
    @Arg('id', () => ID, idOption) id: string,
    @Arg('confirmName', () => String, nameOption) confirmName: string,
    @Arg('withDependents', () => Boolean, withOption) withDependents: boolean,
  ): Promise<DeletionView> {
    return viewOf(await this.deletions.delete('dataset', id, confirmName, withDependents));
  }

  @Requires(Role.ADMIN)
  @Mutation(() => DeletionView, {
    description: `Deletes a run with all it recorded, and the model it trained; or the record of an evaluation. ${refusals}`,
  })
  async deleteRun(
    @Arg('id', () => ID, idOption) id: string,
    @Arg('confirmName', () => String, nameOption) confirmName: string,
    @Arg('withDependents', () => Boolean, withOption) withDependents: boolean,
  ): Promise<DeletionView> {
    return viewOf(await this.deletions.delete('run', id, confirmName, withDependents));
  }

  @Requires(Role.ADMIN)
  @Mutation(() => DeletionView, {
    description: `Deletes a model with its checkpoints, and the run that trained it. ${refusals}`,
  })
  async deleteModel(
    @Arg('id', () => ID, idOption) id: string,
    @Arg('confirmName', () => String, nameOption) confirmName: string,
    @Arg('withDependents', () => Boolean, withOption) withDependents: boolean,
  ): Promise<DeletionView> {
    return viewOf(await this.deletions.delete('model', id, confirmName, withDependents));
  }
}

const viewsOf = (dependents: Deletion['dependents']): DependentView[] =>
  dependents.map(({ kind, ...same }) => ({
    ...same,
    kind: DependentKind[kind.toUpperCase() as keyof typeof DependentKind],
  }));
const viewOf = ({ dependents, ...same }: Deletion): DeletionView => ({ ...same, dependents: viewsOf(dependents) });
