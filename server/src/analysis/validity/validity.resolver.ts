import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { Split } from '../../split.js';
import { ClassMeanDistanceView, MeanDistanceView } from './distance-types.js';
import { ConfidentRule, DistributionKind } from '../record/vocabulary.js';
import type { ValidityService } from './validity.service.js';
import { AmbiguityValidity, ConfidentJoint, NoiseDetection, ReviewBudget } from './validity-types.js';

const splitArgument = { description: 'Whose samples.' } as const;
const epochArgument = { nullable: true, description: 'Counted from 1. Default: the newest.' } as const;

@Resolver(() => TrainingRun)
export class RunValidityResolver {
  constructor(private readonly service: ValidityService) {}

  @FieldResolver(() => AmbiguityValidity, {
    nullable: true,
    description:
      'Whether what the run finds ambiguous is what people disagree on. Null before the first epoch. INVALID_INPUT where fewer than ten samples have votes.',
  })
  ambiguityValidity(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, splitArgument) split: Split,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
    @Arg('givenLabel', () => String, { nullable: true, description: 'Only samples with this label.' })
    givenLabel: string | null,
  ): Promise<AmbiguityValidity | null> {
    return this.service.validity(run, split, epoch ?? null, givenLabel ?? null);
  }

  @FieldResolver(() => NoiseDetection, {
    nullable: true,
    description:
      'How well each score finds labels known to be wrong. Null before the first epoch. INVALID_INPUT where no clean label is known.',
  })
  noiseDetection(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, splitArgument) split: Split,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<NoiseDetection | null> {
    return this.service.detection(run, split, epoch ?? null);
  }

  @FieldResolver(() => ConfidentJoint, {
    nullable: true,
    description: 'The confident joint of the target distributions, its thresholds and the noise it estimates.',
  })
  confidentJoint(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, splitArgument) split: Split,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
    @Arg('rule', () => ConfidentRule, {
      defaultValue: ConfidentRule.CLEANLAB,
      description: 'Where a sample counts that reaches several thresholds.',
    })
    rule: ConfidentRule,
  ): Promise<ConfidentJoint | null> {
    return this.service.joint(run, split, epoch ?? null, rule);
  }

  @FieldResolver(() => [MeanDistanceView], {
    nullable: true,
    description:
      'Means over a split of every distance from one distribution to each other one that is known. Null before the first epoch.',
  })
  distances(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, splitArgument) split: Split,
    @Arg('from', () => DistributionKind, { description: 'u, e.g. TRUE or VOTES.' }) from: DistributionKind,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<MeanDistanceView[] | null> {
    return this.service.distances(run, split, epoch ?? null, from);
  }

  @FieldResolver(() => [ClassMeanDistanceView], {
    nullable: true,
    description:
      'How far each class distribution is from the mean true distribution of the training samples labelled so, in the order of `Dataset.classes`. Null before the first epoch.',
  })
  classMeanDistances(
    @Root() run: TrainingRun,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<ClassMeanDistanceView[] | null> {
    return this.service.classMeans(run, epoch ?? null);
  }

  @FieldResolver(() => ReviewBudget, {
    nullable: true,
    description: 'How many samples must be looked at to find 50, 80 and 95 % of the wrong labels, by each order.',
  })
  reviewBudget(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, splitArgument) split: Split,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<ReviewBudget | null> {
    return this.service.budget(run, split, epoch ?? null);
  }
}
