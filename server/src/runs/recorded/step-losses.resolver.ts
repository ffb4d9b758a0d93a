import { Arg, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { InvalidInputError } from '../../errors.js';
import { publicPath } from '../../graphql/public-path.js';
import { NumbersScalar } from '../../graphql/scalars.js';
import { TrainingRun } from '../training-run.entity.js';
import { countRecords, readSteps, stepNumbers, thinSteps, type RunStep, type StepNumber } from './step-losses.js';

const fewestRecords = 10;
const mostPoints = 20_000;

@ObjectType({
  description:
    'What the training steps of a run reported, of the epochs that are recorded: a place in each list a step.',
})
export class StepLosses implements Record<StepNumber, number[]> {
  @Field(() => Int, { description: 'Steps of the recorded epochs; those before steps were kept are not counted.' })
  steps!: number;

  @Field(() => NumbersScalar, { description: 'Which step: since the run began, counted from 1; of a mean, its last.' })
  at!: number[];

  @Field(() => NumbersScalar, { description: 'Epoch of each.' })
  epoch!: number[];

  @Field(() => NumbersScalar, { description: 'Consecutive steps whose mean it is; 1: the step itself.' })
  averaged!: number[];

  @Field(() => NumbersScalar, { description: 's_ce crossEntropy + s_kl kullbackLeibler + rankRegularization.' })
  total!: number[];

  @Field(() => NumbersScalar, { description: 'CE of the auxiliary logits against the given labels, in nats.' })
  crossEntropy!: number[];

  @Field(() => NumbersScalar, { description: 'KL(fused || target) in nats, over the batch size.' })
  kullbackLeibler!: number[];

  @Field(() => NumbersScalar, { description: 'RR, the rank regularisation of the attention.' })
  rankRegularization!: number[];

  @Field(() => NumbersScalar, { description: 'Lowest mean attention w of the batch.' })
  attentionMinimum!: number[];

  @Field(() => NumbersScalar, { description: 'Highest mean attention w of the batch.' })
  attentionMaximum!: number[];

  @Field(() => String, { description: 'Where every step is to be had as CSV.' })
  url!: string;
}

@Resolver(() => TrainingRun)
export class StepLossesResolver {
  constructor(private readonly dataSource: DataSource) {}

  @FieldResolver(() => StepLosses, {
    nullable: true,
    description:
      'Losses step by step, of the epochs that are recorded; null where none are kept (recorded runs, and epochs from before they were).',
  })
  async stepLosses(
    @Root() run: TrainingRun,
    @Arg('most', () => Int, {
      defaultValue: 2000,
      description: 'About so many places at most, 10 to 20,000; of more steps, means of consecutive ones.',
    })
    most: number,
  ): Promise<StepLosses | null> {
    if (most < fewestRecords || most > mostPoints)
      throw new InvalidInputError('most', `a whole number from ${fewestRecords} to ${mostPoints}`, most);
    const { manager } = this.dataSource;
    const records = await countRecords(manager, run.row);
    if (records === 0) return null;
    const kept: RunStep[] = [];
    for await (const step of thinSteps(readSteps(manager, run.row), Math.ceil(records / most))) kept.push(step);
    const list = (name: 'at' | 'epoch' | 'averaged' | StepNumber): number[] => kept.map((step) => step[name]);
    const numbers = Object.fromEntries(stepNumbers.map((name) => [name, list(name)])) as Record<StepNumber, number[]>;
    const places = { at: list('at'), epoch: list('epoch'), averaged: list('averaged') };
    return { steps: kept.at(-1)!.at, ...places, ...numbers, url: publicPath(`/runs/${run.id}/steps.csv`) };
  }
}
