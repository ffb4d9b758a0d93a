import { Arg, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { rowOf } from '../graphql/global-id.js';
import { Connection, type Page } from '../graphql/pagination.js';
import { Dataset } from './dataset.entity.js';
import type { DatasetService } from './dataset.service.js';
import { ImportReportView } from './imports/import-report-view.js';
import { SampleFilter } from './sample-filter.js';
import { Sample } from './sample.entity.js';
import type { SampleService } from './sample.service.js';
import { SplitSummary } from './split-summary.js';

const SampleConnection = Connection(Sample);

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
  ): Promise<Page<Sample>> {
    return this.samples.page(dataset, { first, after }, filter ?? {});
  }
}
