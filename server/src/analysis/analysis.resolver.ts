import { Arg, FieldResolver, Float, ID, Int, Resolver, Root } from 'type-graphql';
import { Sample } from '../datasets/sample.entity.js';
import { Split } from '../datasets/split.js';
import { Connection, type Page } from '../graphql/pagination.js';
import { Epoch } from '../training/epoch.entity.js';
import { TrainingRun } from '../training/training-run.entity.js';
import { AnalysisFilter } from './analysis-filter.js';
import type { AnalysisService } from './analysis.service.js';
import { ConfusionMatrix } from './confusion-matrix.js';
import { SampleAnalysis } from './sample-analysis.js';
import { SplitMetrics } from './split-metrics.entity.js';
import { AnalysisOrder, DistanceMeasure, DistributionKind, Opinion, OrderDirection } from './vocabulary.js';

export const SampleAnalysisConnection = Connection(SampleAnalysis);

@Resolver(() => SampleAnalysis)
export class SampleAnalysisResolver {
  constructor(private readonly service: AnalysisService) {}

  @FieldResolver(() => Sample, { description: 'The sample, with its image, votes and labels.' })
  sample(@Root() analysis: SampleAnalysis): Promise<Sample> {
    return this.service.sampleOf(analysis);
  }

  @FieldResolver(() => Float, { nullable: true, description: 'How far `to` is from `from`, or how near for COSINE and INTERSECTION. Null where one of them is VOTES and the sample has none.' })
  distance(
    @Root() analysis: SampleAnalysis,
    @Arg('from', () => DistributionKind, { description: 'u' }) from: DistributionKind,
    @Arg('to', () => DistributionKind, { description: 'v' }) to: DistributionKind,
    @Arg('measure', () => DistanceMeasure, { description: 'How to measure.' }) measure: DistanceMeasure,
  ): number | null {
    return analysis.distance(from, to, measure);
  }
}

@Resolver(() => Sample)
export class SampleAnalysesResolver {
  constructor(private readonly service: AnalysisService) {}

  @FieldResolver(() => SampleAnalysis, { nullable: true, description: 'What a run says of the sample. Null where the run did not see it or has no epoch yet.' })
  analysis(
    @Root() sample: Sample,
    @Arg('run', () => ID, { description: 'Like `run_1`.' }) run: string,
    @Arg('epoch', () => Int, { nullable: true, description: 'Counted from 1. Default: the newest.' }) epoch: number | null,
  ): Promise<SampleAnalysis | null> {
    return this.service.analysisOf(sample, run, epoch ?? null);
  }

  @FieldResolver(() => [SampleAnalysis], { description: 'What a run said of the sample after every epoch, oldest first; empty where it did not see it.' })
  history(@Root() sample: Sample, @Arg('run', () => ID, { description: 'Like `run_1`.' }) run: string): Promise<SampleAnalysis[]> {
    return this.service.historyOf(sample, run);
  }

  @FieldResolver(() => [TrainingRun], { description: 'Runs that have analysed the sample, newest first.' })
  runs(@Root() sample: Sample): Promise<TrainingRun[]> {
    return this.service.runsThatSaw(sample);
  }
}

@Resolver(() => TrainingRun)
export class RunAnalysesResolver {
  constructor(private readonly service: AnalysisService) {}

  @FieldResolver(() => ConfusionMatrix, { nullable: true, description: 'Any opinion against any other. Null before the first epoch. INVALID_INPUT for CLEAN or VOTES where nobody has that opinion.' })
  confusionMatrix(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, { description: 'Whose samples to count.' }) split: Split,
    @Arg('rows', () => Opinion, { defaultValue: Opinion.GIVEN, description: 'Who decides the row.' }) rows: Opinion,
    @Arg('columns', () => Opinion, { defaultValue: Opinion.TARGET, description: 'Who decides the column.' }) columns: Opinion,
    @Arg('epoch', () => Int, { nullable: true, description: 'Counted from 1. Default: the newest.' }) epoch: number | null,
  ): Promise<ConfusionMatrix | null> {
    return this.service.confusionMatrix(run, { split, rows, columns, epoch: epoch ?? null });
  }

  @FieldResolver(() => SampleAnalysisConnection, { description: 'The samples of the run as it sees them after its newest epoch.' })
  analyses(
    @Root() run: TrainingRun,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 1000.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor of this list in the same order.' }) after: string | null,
    @Arg('filter', () => AnalysisFilter, { nullable: true, description: 'Which samples; all of them by default.' }) filter: AnalysisFilter | null,
    @Arg('orderBy', () => AnalysisOrder, { defaultValue: AnalysisOrder.INDEX, description: 'What to sort by.' }) orderBy: AnalysisOrder,
    @Arg('direction', () => OrderDirection, { defaultValue: OrderDirection.ASCENDING, description: 'Which end first.' }) direction: OrderDirection,
  ): Promise<Page<SampleAnalysis>> {
    return this.service.page(run, { first, after, filter, orderBy, direction });
  }
}

@Resolver(() => Epoch)
export class EpochMetricsResolver {
  constructor(private readonly service: AnalysisService) {}

  @FieldResolver(() => [SplitMetrics], { description: 'TRAIN before VALIDATION before TEST; only splits with samples.' })
  metrics(@Root() epoch: Epoch): Promise<SplitMetrics[]> {
    return this.service.metricsOf(epoch);
  }
}
