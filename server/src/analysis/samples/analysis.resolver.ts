import { Arg, FieldResolver, Float, ID, Int, Resolver, Root } from 'type-graphql';
import { Sample } from '../../datasets/sample.entity.js';
import { Split } from '../../split.js';
import { rowOf } from '../../graphql/global-id.js';
import { Connection, type Page } from '../../graphql/pagination.js';
import { Epoch } from '../../runs/recorded/epoch.entity.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { AnalysisFacets } from '../lists/analysis-facets.js';
import { AnalysisFilter } from '../lists/analysis-filter.js';
import { PlaceInRun } from '../lists/place-in-list.js';
import type { AnalysisService } from './analysis.service.js';
import { ConfusionMatrix } from '../reports/confusion-matrix.js';
import { Measure } from '../record/measure.js';
import { Neighbour } from './neighbour.js';
import { SampleAnalysis } from './sample-analysis.js';
import { SplitMetrics } from '../record/split-metrics.entity.js';
import { Trajectory } from './trajectory.js';
import {
  AnalysisOrder,
  ConfidentRule,
  DistanceMeasure,
  DistributionKind,
  Opinion,
  OrderDirection,
} from '../record/vocabulary.js';

const epochDescription =
  'Counted from 1. Default: the newest. A past epoch is computed from its columns when a list first asks for it (12 s for 300,000 samples and epoch 37, in proportion to either), and kept for the questions after.';

const SampleAnalysisConnection = Connection(SampleAnalysis);

@Resolver(() => SampleAnalysis)
export class SampleAnalysisResolver {
  constructor(private readonly service: AnalysisService) {}

  @FieldResolver(() => Sample, { description: 'The sample, with its image, votes and labels.' })
  sample(@Root() analysis: SampleAnalysis): Sample | Promise<Sample> {
    return this.service.sampleOf(analysis);
  }

  @FieldResolver(() => SampleAnalysis, {
    description: 'What the same run said of the same sample after another epoch.',
  })
  at(
    @Root() analysis: SampleAnalysis,
    @Arg('epoch', () => Int, { description: 'Counted from 1.' }) epoch: number,
  ): Promise<SampleAnalysis> {
    return this.service.at(analysis, epoch);
  }

  @FieldResolver(() => Trajectory, {
    description: 'Every epoch of the same run as columns, and what follows from all of them.',
  })
  trajectory(@Root() analysis: SampleAnalysis): Promise<Trajectory> {
    return this.service.trajectory(analysis);
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Any measure of the sample. Null for one of votes without votes. In a list sorted by the measure it costs nothing.',
  })
  measure(
    @Root() analysis: SampleAnalysis,
    @Arg('of', () => Measure, { description: 'Which.' }) of: Measure,
  ): Promise<number | null> {
    return this.service.measure(analysis, of);
  }

  @FieldResolver(() => [Neighbour], {
    description:
      "Samples that the run sees most alike after the same epoch, nearest first, by Hellinger's distance of their target distributions (the sample itself left out). Every sample is looked at: the first question about an epoch reads its columns (19 MB for 300,000 samples of 7 classes), later ones find them in memory.",
  })
  neighbours(
    @Root() analysis: SampleAnalysis,
    @Arg('first', () => Int, { defaultValue: 12, description: '1 to 100.' }) first: number,
    @Arg('split', () => Split, { nullable: true, description: 'Only samples of this split.' }) split: Split | null,
  ): Promise<Neighbour[]> {
    return this.service.neighbours(analysis, first, split ?? null);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What confident learning would label it instead: a class whose target value reaches the mean of the samples labelled so, over the split. Null where the given label is not suspected: it is that class, it is the prediction, or no class reaches its mean. Out of the distributions of a split that the run trained on this flatters the given label: see `inSample`.',
  })
  suggestedLabel(
    @Root() analysis: SampleAnalysis,
    @Arg('rule', () => ConfidentRule, {
      defaultValue: ConfidentRule.CLEANLAB,
      description:
        'Which class counts where several reach theirs. Filters, columns and `acceptSuggestions` take CLEANLAB.',
    })
    rule: ConfidentRule,
  ): Promise<string | null> {
    return this.service.suggestionOf(analysis, rule);
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'How far `to` is from `from`, or how near for COSINE and INTERSECTION. Null where one of them is VOTES and the sample has none.',
  })
  distance(
    @Root() analysis: SampleAnalysis,
    @Arg('from', () => DistributionKind, { description: 'u' }) from: DistributionKind,
    @Arg('to', () => DistributionKind, { description: 'v' }) to: DistributionKind,
    @Arg('measure', () => DistanceMeasure, { description: 'How to measure.' }) measure: DistanceMeasure,
  ): number | null {
    return analysis.distance(from, to, measure);
  }
}

@Resolver(() => TrainingRun)
export class RunAnalysesResolver {
  constructor(private readonly service: AnalysisService) {}

  @FieldResolver(() => ConfusionMatrix, {
    nullable: true,
    description:
      'Any opinion against any other. Null before the first epoch. INVALID_INPUT for CLEAN or VOTES where nobody has that opinion.',
  })
  confusionMatrix(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, { description: 'Whose samples to count.' }) split: Split,
    @Arg('rows', () => Opinion, { defaultValue: Opinion.GIVEN, description: 'Who decides the row.' }) rows: Opinion,
    @Arg('columns', () => Opinion, { defaultValue: Opinion.TARGET, description: 'Who decides the column.' })
    columns: Opinion,
    @Arg('epoch', () => Int, { nullable: true, description: 'Counted from 1. Default: the newest.' }) epoch:
      | number
      | null,
  ): Promise<ConfusionMatrix | null> {
    return this.service.confusionMatrix(run, { split, rows, columns, epoch: epoch ?? null });
  }

  @FieldResolver(() => AnalysisFacets, { description: 'Counts and histograms of the samples that meet a filter.' })
  facets(
    @Root() run: TrainingRun,
    @Arg('filter', () => AnalysisFilter, { nullable: true, description: 'Which samples; all of them by default.' })
    filter: AnalysisFilter | null,
    @Arg('epoch', () => Int, { nullable: true, description: epochDescription }) epoch: number | null,
  ): Promise<AnalysisFacets> {
    return this.service.facets(run, epoch ?? null, filter ?? {});
  }

  @FieldResolver(() => SampleAnalysisConnection, {
    description: 'The samples of the run as it sees them after an epoch.',
  })
  analyses(
    @Root() run: TrainingRun,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 1000.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor of this list in the same order.' }) after:
      | string
      | null,
    @Arg('filter', () => AnalysisFilter, { nullable: true, description: 'Which samples; all of them by default.' })
    filter: AnalysisFilter | null,
    @Arg('orderBy', () => AnalysisOrder, { defaultValue: AnalysisOrder.INDEX, description: 'What to sort by.' })
    orderBy: AnalysisOrder,
    @Arg('direction', () => OrderDirection, { defaultValue: OrderDirection.ASCENDING, description: 'Which end first.' })
    direction: OrderDirection,
    @Arg('epoch', () => Int, { nullable: true, description: epochDescription }) epoch: number | null,
    @Arg('from', () => Int, {
      nullable: true,
      description: 'Place of the first, counted from 0: instead of `after`, to see any part of the list at once.',
    })
    from: number | null,
  ): Promise<Page<SampleAnalysis>> {
    return this.service.page(run, { first, after, from, filter, orderBy, direction, epoch: epoch ?? null });
  }

  @FieldResolver(() => PlaceInRun, {
    nullable: true,
    description: 'Where a sample stands in such a list, and which stand beside it. Null where the run did not see it.',
  })
  place(
    @Root() run: TrainingRun,
    @Arg('sample', () => ID, { description: 'Like `sample_12`.' }) sample: string,
    @Arg('filter', () => AnalysisFilter, { nullable: true, description: 'As of `analyses`.' })
    filter: AnalysisFilter | null,
    @Arg('orderBy', () => AnalysisOrder, { defaultValue: AnalysisOrder.INDEX, description: 'As of `analyses`.' })
    orderBy: AnalysisOrder,
    @Arg('direction', () => OrderDirection, {
      defaultValue: OrderDirection.ASCENDING,
      description: 'As of `analyses`.',
    })
    direction: OrderDirection,
    @Arg('epoch', () => Int, { nullable: true, description: epochDescription }) epoch: number | null,
  ): Promise<PlaceInRun | null> {
    const question = { filter, orderBy, direction, epoch: epoch ?? null };
    return this.service.place(run, rowOf('sample', sample, 'sample'), question);
  }
}

@Resolver(() => Epoch)
export class EpochMetricsResolver {
  constructor(private readonly service: AnalysisService) {}

  @FieldResolver(() => [SplitMetrics], {
    description: 'TRAIN before VALIDATION before TEST; only splits with samples.',
  })
  metrics(@Root() epoch: Epoch): Promise<SplitMetrics[]> {
    return this.service.metricsOf(epoch);
  }
}
