import DataLoader from 'dataloader';
import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Sample } from '../../datasets/sample.entity.js';
import type { SampleService } from '../../datasets/sample.service.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { Split } from '../../split.js';
import { Measure } from '../record/measure.js';
import { Reference } from '../reports/run-reports.js';
import { ErrorSlice, SliceReport } from './slice-types.js';
import type { SliceService } from './slice.service.js';

@Resolver(() => TrainingRun)
export class RunSlicesResolver {
  constructor(private readonly service: SliceService) {}

  @FieldResolver(() => SliceReport, {
    nullable: true,
    description:
      'Samples that share something and on which the target branch errs more often than elsewhere: given label, subject, columns that the data set came with, size, brightness and sharpness of the picture, action units, ranges of measures; and the given label crossed with each of the others. Null before the first epoch.',
  })
  slices(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, { description: 'Whose samples.' }) split: Split,
    @Arg('epoch', () => Int, { nullable: true, description: 'Counted from 1. Default: the newest.' })
    epoch: number | null,
    @Arg('reference', () => Reference, {
      defaultValue: Reference.GIVEN,
      description: 'What is held to be true: GIVEN or CLEAN.',
    })
    reference: Reference,
    @Arg('support', () => Int, { defaultValue: 20, description: 'Least samples of a slice.' }) support: number,
    @Arg('first', () => Int, { defaultValue: 20, description: '1 to 200.' }) first: number,
    @Arg('measures', () => [Measure], {
      nullable: true,
      description: 'Measures whose ranges are slices. Default: ATTENTION, ENTROPY and VOTES_ENTROPY.',
    })
    measures: Measure[] | null,
  ): Promise<SliceReport | null> {
    return this.service.report(run, { split, epoch: epoch ?? null, reference, support, first, measures });
  }
}

@Resolver(() => ErrorSlice)
export class ErrorSliceResolver {
  private readonly samples: DataLoader<number, Sample>;

  constructor(samples: SampleService) {
    this.samples = new DataLoader((rows) => samples.byRows(rows), { cache: false });
  }

  @FieldResolver(() => [Sample], { description: 'At most twelve that are judged wrongly, the surest errors first.' })
  examples(@Root() { exampleRows }: ErrorSlice): Promise<Sample[]> {
    return Promise.all(exampleRows.map((row) => this.samples.load(row)));
  }
}
