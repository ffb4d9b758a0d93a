import { Arg, Field, FieldResolver, Float, ID, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Requires, Role } from '../graphql/role.js';
import { InputProblem } from '../runs/settings/training-plan.js';
import { TrainingRun } from '../runs/training-run.entity.js';
import { Split } from '../split.js';
import { ExperimentInput, planOf } from './experiment-input.js';
import { ExperimentMeasure, resultsOf, type ArmResult } from './experiment-results.js';
import { tableOf, TableFormat } from './experiment-tables.js';
import { Experiment } from './experiment.entity.js';
import type { ExperimentPreview, ExperimentService } from './experiment.service.js';

@ObjectType({ description: 'What an experiment would do. Nothing is started.' })
class ExperimentEstimate {
  @Field(() => [String], { description: 'Names of its arms.' })
  arms!: string[];

  @Field(() => Int, { description: 'Arms times seeds.' })
  runs!: number;

  @Field(() => Int, {
    description: 'Of them, those that were trained before with the same settings, data, code and seed.',
  })
  reused!: number;

  @Field(() => [InputProblem], { description: 'Everything that is wrong; empty: it can be started.' })
  problems!: InputProblem[];

  @Field(() => Float, { description: 'Training images that would be shown.' })
  images!: number;

  @Field(() => Float, { nullable: true, description: 'Seconds on one worker; null while no epoch was trained here.' })
  seconds!: number | null;

  @Field(() => Float, { description: 'Bytes of disk, about: vectors of every epoch, and checkpoints.' })
  bytes!: number;

  @Field(() => Int, { description: 'Workers that would share them.' })
  workers!: number;

  @Field(() => Boolean, { description: 'It takes so much that `startExperiment` wants `confirmed: true`.' })
  needsConfirmation!: boolean;
}

@ObjectType({ description: 'A place of an experiment: an arm and a seed.' })
class ExperimentPlace {
  @Field(() => String, { description: 'Name of the arm.' })
  arm!: string;

  @Field(() => Int, { description: 'Seed of the run.' })
  seed!: number;

  @Field(() => TrainingRun, { nullable: true, description: 'Null: it was deleted. The hole stays.' })
  run!: TrainingRun | null;

  @Field(() => Boolean, { description: 'It was trained before, and is used here.' })
  reused!: boolean;
}

@ObjectType({ description: 'An interval.' })
class ArmInterval {
  @Field(() => Float, { description: 'Lower end.' })
  low!: number;

  @Field(() => Float, { description: 'Upper end.' })
  high!: number;
}

@ObjectType({ description: 'An arm less its baseline, paired by seed. With fewer than three pairs nothing is tested.' })
class ArmDifference {
  @Field(() => Int, { description: 'Seeds that both have.' })
  pairs!: number;

  @Field(() => Float, { description: 'Mean of the differences.' })
  mean!: number;

  @Field(() => Float, { nullable: true, description: 'Their standard deviation.' })
  deviation!: number | null;

  @Field(() => ArmInterval, { nullable: true, description: '95 % t interval of the mean.' })
  interval!: ArmInterval | null;

  @Field(() => ArmInterval, { nullable: true, description: '95 % percentile interval by bootstrap over the pairs.' })
  bootstrap!: ArmInterval | null;

  @Field(() => Float, { nullable: true, description: 'p of the exact two-sided Wilcoxon signed-rank test.' })
  wilcoxon!: number | null;

  @Field(() => Float, { nullable: true, description: 'Least p that this test can give with so many pairs.' })
  leastP!: number | null;

  @Field(() => Float, { nullable: true, description: 'p of the two-sided paired t test.' })
  t!: number | null;
}

@ObjectType({ description: 'What one run of an arm came to after its last epoch.' })
class ArmRunValue {
  @Field(() => Int, { description: 'Seed of the run.' })
  seed!: number;

  @Field(() => Float, { nullable: true, description: 'Null while it has not ended, and where it failed or is gone.' })
  value!: number | null;
}

@ObjectType({ description: 'An arm of an experiment over its seeds.' })
class ExperimentArm {
  @Field(() => String, { description: 'Its name.' })
  arm!: string;

  @Field(() => String, { description: 'The arm on the same data that it is compared with; its own name: it is that.' })
  baseline!: string;

  @Field(() => [ArmRunValue], { description: 'Every seed.' })
  values!: ArmRunValue[];

  @Field(() => Float, { nullable: true, description: 'Over the seeds that have a value.' })
  mean!: number | null;

  @Field(() => Float, { nullable: true, description: 'Standard deviation over them; null for fewer than two.' })
  deviation!: number | null;

  @Field(() => ArmDifference, { nullable: true, description: 'Null for the baseline.' })
  difference!: ArmDifference | null;

  @Field(() => Float, {
    nullable: true,
    description: '`difference.wilcoxon`, corrected by Holm over all arms compared.',
  })
  wilcoxonHolm!: number | null;

  @Field(() => Float, { nullable: true, description: '`difference.t`, corrected by Holm over all arms compared.' })
  tHolm!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seeds that would decide the difference if it is as it seems: paired t test at 5 %, power 80 %.',
  })
  seedsToDecide!: number | null;
}

@Resolver(() => Experiment)
export class ExperimentResolver {
  constructor(private readonly experiments: ExperimentService) {}

  @Query(() => [Experiment], { name: 'experiments', description: 'Newest first.' })
  list(): Promise<Experiment[]> {
    return this.experiments.all();
  }

  @Query(() => ExperimentEstimate, {
    description: 'What `startExperiment` would do with this input: every problem at once, runs, images, hours, disk.',
  })
  async experimentPlan(@Arg('input', () => ExperimentInput) input: ExperimentInput): Promise<ExperimentEstimate> {
    return estimateOf(await this.experiments.preview(planOf(input)));
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Experiment, {
    description:
      'Queues its runs, below those that are started alone. A run that was trained before with the same settings, data, code and seed is used.',
  })
  startExperiment(
    @Arg('input', () => ExperimentInput) input: ExperimentInput,
    @Arg('confirmed', () => Boolean, { defaultValue: false, description: 'However much it takes.' }) confirmed: boolean,
  ): Promise<Experiment> {
    return this.experiments.start(planOf(input), confirmed);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Experiment, { description: 'More seeds for every arm.' })
  addExperimentSeeds(
    @Arg('experiment', () => ID) experiment: string,
    @Arg('seeds', () => [Int], { description: 'None that it has.' }) seeds: number[],
  ): Promise<Experiment> {
    return this.experiments.addSeeds(experiment, seeds);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Experiment, { description: 'Takes runs that wait out of the queue; those that train go on.' })
  pauseExperiment(@Arg('experiment', () => ID) experiment: string): Promise<Experiment> {
    return this.experiments.pause(experiment);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Experiment, {
    description: 'Queues runs again that were taken out, or failed; they go on from their last epoch.',
  })
  resumeExperiment(@Arg('experiment', () => ID) experiment: string): Promise<Experiment> {
    return this.experiments.resume(experiment);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Experiment, { description: 'Ends its runs; what was recorded stays.' })
  cancelExperiment(@Arg('experiment', () => ID) experiment: string): Promise<Experiment> {
    return this.experiments.cancel(experiment);
  }

  @FieldResolver(() => [ExperimentPlace], { description: 'Every arm and seed.' })
  runs(@Root() experiment: Experiment): Promise<ExperimentPlace[]> {
    return this.experiments.runsOf(experiment);
  }

  @FieldResolver(() => [ExperimentArm], {
    description: 'Every arm by a measure, and how it differs from its baseline.',
  })
  async arms(
    @Root() experiment: Experiment,
    @Arg('measure', () => ExperimentMeasure, { defaultValue: ExperimentMeasure.ACCURACY }) measure: ExperimentMeasure,
    @Arg('split', () => Split, { defaultValue: Split.TEST }) split: Split,
  ): Promise<ArmResult[]> {
    return resultsOf(await this.experiments.valuesOf(experiment, measure, split));
  }

  @FieldResolver(() => String, {
    description:
      'An arm a line, mean ± deviation; the best on the same data is marked only where a paired t test, corrected by Holm, decides it. CSV has a line a run.',
  })
  async table(
    @Root() experiment: Experiment,
    @Arg('measure', () => ExperimentMeasure, { defaultValue: ExperimentMeasure.ACCURACY }) measure: ExperimentMeasure,
    @Arg('split', () => Split, { defaultValue: Split.TEST }) split: Split,
    @Arg('format', () => TableFormat, { defaultValue: TableFormat.MARKDOWN }) format: TableFormat,
  ): Promise<string> {
    return tableOf(resultsOf(await this.experiments.valuesOf(experiment, measure, split)), measure, format);
  }
}

function estimateOf({ arms, problems, ...preview }: ExperimentPreview): ExperimentEstimate {
  return {
    ...preview,
    arms: arms.map(({ name }) => name),
    problems: problems.map(({ message, details }) => ({ path: String(details['path']), message })),
  };
}
