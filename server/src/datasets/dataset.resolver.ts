import { Arg, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { rowOf } from '../graphql/global-id.js';
import { Connection, type Page } from '../graphql/pagination.js';
import { Dataset } from './dataset.entity.js';
import type { DatasetService } from './dataset.service.js';
import { ImportReportView } from './imports/import-report-view.js';
import { EqualBins, SampleFacets } from './lists/sample-facets.js';
import { PlaceInDataset } from './lists/sample-place.js';
import { SampleFilter } from './sample-filter.js';
import { Sample } from './sample.entity.js';
import type { SampleService } from './sample.service.js';
import { SplitSummary } from './split-summary.js';

const SampleConnection = Connection(Sample);
const fromDescription = 'Place of the first, counted from 0: instead of `after`, to see any part of the list at once.';

@Resolver(() => Dataset)
export class DatasetResolver {
  constructor(
    private readonly datasets: DatasetService,
    private readonly samples: SampleService,
  ) {}

  @Query(() => [Dataset], { name: 'datasets', description: 'Every data set, newest first.' })
  list(): Promise<Dataset[]> {
    return this.datasets.list();
  }

  @Query(() => Dataset, { name: 'dataset', nullable: true, description: 'Null where there is none with this id.' })
  byId(@Arg('id', () => ID, { description: 'Like `dataset_1`.' }) id: string): Promise<Dataset | null> {
    return this.datasets.byRow(rowOf('dataset', id));
  }

  @FieldResolver(() => Int, { description: 'Samples in all splits.' })
  sampleCount(@Root() dataset: Dataset): Promise<number> {
    return this.datasets.sampleCount(dataset);
  }

  @FieldResolver(() => [SplitSummary], {
    description: 'The splits that have samples, in the order TRAIN, VALIDATION, TEST.',
  })
  splits(@Root() dataset: Dataset): Promise<SplitSummary[]> {
    return this.datasets.splits(dataset);
  }

  @FieldResolver(() => ImportReportView, { description: 'What the import took, left out and chose.' })
  importReport(@Root() dataset: Dataset): ImportReportView {
    return new ImportReportView(dataset.importReport, dataset.classes);
  }

  @FieldResolver(() => SampleConnection, { name: 'samples', description: 'In the order of import.' })
  samplePage(
    @Root() dataset: Dataset,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 1000.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor of this list.' }) after?: string | null,
    @Arg('filter', () => SampleFilter, { nullable: true, description: 'Only samples that meet it.' })
    filter?: SampleFilter | null,
    @Arg('from', () => Int, { nullable: true, description: fromDescription }) from?: number | null,
  ): Promise<Page<Sample>> {
    return this.samples.page(dataset, { first, after, from }, filter ?? {});
  }

  @FieldResolver(() => Sample, {
    nullable: true,
    description: 'The sample with exactly this `key`; null where there is none.',
  })
  sample(
    @Root() dataset: Dataset,
    @Arg('key', () => String, { description: 'As `Sample.key` has it.' }) key: string,
  ): Promise<Sample | null> {
    return this.samples.byKey(dataset, key);
  }

  @FieldResolver(() => PlaceInDataset, {
    description: 'Where a sample stands among those that meet a filter, and which stand beside it.',
  })
  place(
    @Root() dataset: Dataset,
    @Arg('sample', () => ID, { description: 'Like `sample_12`.' }) sample: string,
    @Arg('filter', () => SampleFilter, { nullable: true, description: 'Only samples that meet it.' })
    filter?: SampleFilter | null,
  ): Promise<PlaceInDataset> {
    return this.samples.place(dataset, rowOf('sample', sample, 'sample'), filter ?? {});
  }

  @FieldResolver(() => SampleFacets, { description: 'Counts of the samples that meet a filter, without any run.' })
  facets(
    @Root() dataset: Dataset,
    @Arg('filter', () => SampleFilter, { nullable: true, description: 'Only samples that meet it.' })
    filter?: SampleFilter | null,
  ): SampleFacets {
    return this.samples.facets(dataset, filter ?? {});
  }
}

@Resolver(() => SampleFacets)
export class SampleFacetsResolver {
  @FieldResolver(() => EqualBins, {
    description: 'How the entropy of the votes spreads, in nats, over equal bins of [0, log C].',
  })
  votesEntropy(
    @Root() facets: SampleFacets,
    @Arg('bins', () => Int, { defaultValue: 20, description: '1 to 200.' }) bins: number,
  ): Promise<EqualBins> {
    return facets.ask.votesEntropy(bins);
  }
}
