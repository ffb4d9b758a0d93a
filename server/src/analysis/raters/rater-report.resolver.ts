import DataLoader from 'dataloader';
import { Arg, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import { Dataset } from '../../datasets/dataset.entity.js';
import { Sample } from '../../datasets/sample.entity.js';
import type { SampleService } from '../../datasets/sample.service.js';
import { checkFirst, Connection, type Page } from '../../graphql/pagination.js';
import { Split } from '../../split.js';
import { DisputedSample, RaterReport } from './rater-report-types.js';
import type { RaterReportService } from './rater-report.service.js';

const DisputedSampleConnection = Connection(DisputedSample);

const splitArgument = { nullable: true, description: 'Whose samples. Default: all.' } as const;
const runArgument = {
  nullable: true,
  description:
    'Like `run_1`: its newest predictions take part in the consensus as one more rater. Best one that did not train on these samples.',
} as const;
const labellersArgument = {
  defaultValue: true,
  description: 'Whether the newest decision of each person here on each sample counts as a rating.',
};

@Resolver(() => Dataset)
export class RaterReportResolver {
  constructor(private readonly service: RaterReportService) {}

  @FieldResolver(() => RaterReport, {
    description: 'How far people agree, overall, by class and by pair, and how far each is to be trusted.',
  })
  raterReport(
    @Root() dataset: Dataset,
    @Arg('split', () => Split, splitArgument) split: Split | null,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('labellers', () => Boolean, labellersArgument) labellers: boolean,
  ): Promise<RaterReport> {
    return this.service.report(dataset, { split: split ?? null, run: run ?? null, labellers });
  }

  @FieldResolver(() => DisputedSampleConnection, {
    description:
      'Samples whose weighted consensus is another class than their given label, the surest first; none where it is not known who chose what.',
  })
  disputedSamples(
    @Root() dataset: Dataset,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 1000.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor of this list.' }) after: string | null,
    @Arg('split', () => Split, splitArgument) split: Split | null,
    @Arg('run', () => ID, runArgument) run: string | null,
    @Arg('labellers', () => Boolean, labellersArgument) labellers: boolean,
  ): Promise<Page<DisputedSample>> {
    checkFirst(first);
    const question = { split: split ?? null, run: run ?? null, labellers };
    return this.service.disputed(dataset, question, { first, after: after ?? null });
  }
}

@Resolver(() => DisputedSample)
export class DisputedSampleResolver {
  private readonly samples: DataLoader<number, Sample>;

  constructor(samples: SampleService) {
    this.samples = new DataLoader((rows) => samples.byRows(rows), { cache: false });
  }

  @FieldResolver(() => Sample, { description: 'Whom it is about.' })
  sample(@Root() { sampleRow }: DisputedSample): Promise<Sample> {
    return this.samples.load(sampleRow);
  }
}
