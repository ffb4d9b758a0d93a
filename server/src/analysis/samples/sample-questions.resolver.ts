import { Arg, FieldResolver, Float, ID, Int, Resolver, Root } from 'type-graphql';
import { Sample } from '../../datasets/sample.entity.js';
import { Split } from '../../split.js';
import { DistributionScalar } from '../../graphql/scalars.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import type { AnalysisService } from './analysis.service.js';
import { Neighbour } from './neighbour.js';
import { Attention } from './attention.js';
import { SampleAnalysis } from './sample-analysis.js';
import { Trajectory } from './trajectory.js';
import { DistanceMeasure, DistributionKind } from '../record/vocabulary.js';

const runArgument = {
  nullable: true,
  description: 'Like `run_1`. Default: the newest run that has analysed the sample.',
} as const;
const epochArgument = { nullable: true, description: 'Counted from 1. Default: the newest.' } as const;
const nullNote = 'Null where no run has analysed the sample.';

/**
 * What a run says of a sample, asked of the sample itself. All fields of one sample, run and epoch are read together.
 */
@Resolver(() => Sample)
export class SampleQuestionsResolver {
  constructor(private readonly service: AnalysisService) {}

  @FieldResolver(() => SampleAnalysis, {
    nullable: true,
    description: 'What a run says of the sample. Null where the run did not see it or has no epoch yet.',
  })
  analysis(
    @Root() sample: Sample,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<SampleAnalysis | null> {
    return this.service.analysisOf(sample, run ?? null, epoch ?? null);
  }

  @FieldResolver(() => SampleAnalysis, { nullable: true, description: `The same after a given epoch. ${nullNote}` })
  at(
    @Root() sample: Sample,
    @Arg('epoch', () => Int, { description: 'Counted from 1.' }) epoch: number,
    @Arg('run', () => ID, runArgument) run: string | null,
  ): Promise<SampleAnalysis | null> {
    return this.service.analysisOf(sample, run ?? null, epoch);
  }

  @FieldResolver(() => [SampleAnalysis], {
    description: 'What a run said of the sample after every epoch, oldest first; empty where it did not see it.',
  })
  history(@Root() sample: Sample, @Arg('run', () => ID, runArgument) run: string | null): Promise<SampleAnalysis[]> {
    return this.service.historyOf(sample, run ?? null);
  }

  @FieldResolver(() => Trajectory, {
    nullable: true,
    description: `The same as columns, and what follows from all epochs. ${nullNote}`,
  })
  trajectory(
    @Root() sample: Sample,
    @Arg('run', () => ID, runArgument) run: string | null,
  ): Promise<Trajectory | null> {
    return this.service.trajectoryOf(sample, run ?? null);
  }

  @FieldResolver(() => DistributionScalar, {
    nullable: true,
    description: `p = softmax(z1): what the auxiliary branch says. ${nullNote}`,
  })
  async labelDistribution(
    @Root() sample: Sample,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<ArrayLike<number> | null> {
    return (await this.analysis(sample, run, epoch))?.labelDistribution ?? null;
  }

  @FieldResolver(() => DistributionScalar, {
    nullable: true,
    description: `L[y], the class distribution of the label that the run was given. ${nullNote}`,
  })
  async classDistribution(
    @Root() sample: Sample,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<ArrayLike<number> | null> {
    return (await this.analysis(sample, run, epoch))?.classDistribution ?? null;
  }

  @FieldResolver(() => DistributionScalar, {
    nullable: true,
    description: `q = (1 - v) p + v L[y]: what the target branch is taught. ${nullNote}`,
  })
  async fusedDistribution(
    @Root() sample: Sample,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<ArrayLike<number> | null> {
    return (await this.analysis(sample, run, epoch))?.fusedDistribution ?? null;
  }

  @FieldResolver(() => DistributionScalar, {
    nullable: true,
    description: `softmax(z2): what the model predicts. ${nullNote}`,
  })
  async targetDistribution(
    @Root() sample: Sample,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<ArrayLike<number> | null> {
    return (await this.analysis(sample, run, epoch))?.targetDistribution ?? null;
  }

  @FieldResolver(() => Attention, {
    nullable: true,
    description: `How much the network trusts the sample. ${nullNote}`,
  })
  async attention(
    @Root() sample: Sample,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<Attention | null> {
    return (await this.analysis(sample, run, epoch))?.attention ?? null;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: `How far \`to\` is from \`from\`, or how near for COSINE and INTERSECTION. Null also where one of them is VOTES and the sample has none. ${nullNote}`,
  })
  async distance(
    @Root() sample: Sample,
    @Arg('from', () => DistributionKind, { description: 'u' }) from: DistributionKind,
    @Arg('to', () => DistributionKind, { description: 'v' }) to: DistributionKind,
    @Arg('measure', () => DistanceMeasure, { description: 'How to measure.' }) measure: DistanceMeasure,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<number | null> {
    return (await this.analysis(sample, run, epoch))?.distance(from, to, measure) ?? null;
  }

  @FieldResolver(() => [Neighbour], {
    description: 'See `SampleAnalysis.neighbours`. Empty where no run has analysed the sample.',
  })
  async neighbours(
    @Root() sample: Sample,
    @Arg('first', () => Int, { defaultValue: 12, description: '1 to 100.' }) first: number,
    @Arg('split', () => Split, { nullable: true, description: 'Only samples of this split.' }) split: Split | null,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<Neighbour[]> {
    const analysis = await this.analysis(sample, run, epoch);
    return analysis ? this.service.neighbours(analysis, first, split ?? null) : [];
  }

  @FieldResolver(() => [TrainingRun], { description: 'Runs that have analysed the sample, newest first.' })
  runs(@Root() sample: Sample): Promise<TrainingRun[]> {
    return this.service.runsThatSaw(sample);
  }
}
