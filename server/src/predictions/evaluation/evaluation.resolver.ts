import { Arg, Field, FieldResolver, ID, InputType, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Split } from '../../split.js';
import { rowOf } from '../../graphql/global-id.js';
import { Model } from '../../models/model.entity.js';
import { TestTimeCrops } from '../../runs/settings/choices.js';
import { Evaluation } from './evaluation.entity.js';
import type { EvaluationService } from './evaluation.service.js';
import { Requires, Role } from '../../graphql/role.js';

@InputType({ description: 'A model, and the samples it shall be asked about.' })
export class EvaluateInput {
  @Field(() => ID, { description: 'Like `model_1`.' })
  model!: string;

  @Field(() => ID, { nullable: true, description: 'One of its checkpoints. Default: BEST, else LAST, else IMPORTED.' })
  checkpoint?: string | null;

  @Field(() => ID, { description: 'A data set with the same classes, in whatever order.' })
  dataset!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Whose labels count as given. Default: the labels it was imported with.',
  })
  labelSet?: string | null;

  @Field(() => [Split], { nullable: true, description: 'Default: every split that has samples.' })
  splits?: Split[] | null;

  @Field(() => TestTimeCrops, {
    nullable: true,
    description: 'Views of an image that are averaged. Default: as the model was trained.',
  })
  testTimeCrops?: TestTimeCrops | null;
}

@Resolver(() => Evaluation)
export class EvaluationResolver {
  constructor(private readonly evaluations: EvaluationService) {}

  @Query(() => Evaluation, { nullable: true, description: 'Null where there is none with this id.' })
  evaluation(@Arg('id', () => ID, { description: 'Like `evaluation_1`.' }) id: string): Promise<Evaluation | null> {
    return this.evaluations.byRow(rowOf('evaluation', id));
  }

  @Query(() => [Evaluation], { name: 'evaluations', description: 'Newest first.' })
  list(): Promise<Evaluation[]> {
    return this.evaluations.list(null);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Evaluation, {
    description:
      'Puts an evaluation in the queue; the next free worker does it, and `record` is then read like a run of one epoch. INVALID_INPUT where the classes differ, CONFLICT for a backbone or a model without a checkpoint.',
  })
  evaluate(
    @Arg('input', () => EvaluateInput, { description: 'What, and on what.' }) input: EvaluateInput,
  ): Promise<Evaluation> {
    return this.evaluations.start(input);
  }
}

@Resolver(() => Model)
export class ModelEvaluationsResolver {
  constructor(private readonly evaluations: EvaluationService) {}

  @FieldResolver(() => [Evaluation], { name: 'evaluations', description: 'Newest first.' })
  evaluationsOf(@Root() model: Model): Promise<Evaluation[]> {
    return this.evaluations.list(model.row);
  }
}
