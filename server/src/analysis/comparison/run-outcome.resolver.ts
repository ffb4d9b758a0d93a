import DataLoader from 'dataloader';
import { Arg, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { Sample } from '../../datasets/sample.entity.js';
import type { SampleService } from '../../datasets/sample.service.js';
import { Split } from '../../split.js';
import { checkFirst, Connection, decodeCursor, pageOf, type Page } from '../../graphql/pagination.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { ChangeKind, ComparedLabels, RunComparison, SampleChange } from './run-comparison.js';
import type { RunOutcomeService } from './run-outcome.service.js';
import { RunResult } from './run-result.js';

const SampleChangeConnection = Connection(SampleChange);

@Resolver(() => RunComparison)
export class RunComparisonResolver {
  constructor(private readonly outcomes: RunOutcomeService) {}

  @Query(() => RunComparison, {
    description:
      'Two runs of one data set side by side. CONFLICT where they have two, or one of them has no epoch yet.',
  })
  runComparison(
    @Arg('before', () => ID, { description: 'The run compared with: the parent of a retrained one, say.' })
    before: string,
    @Arg('after', () => ID, { description: 'The run compared.' }) after: string,
    @Arg('split', () => Split, { defaultValue: Split.TEST, description: 'Where they are compared.' }) split: Split,
    @Arg('labels', () => ComparedLabels, {
      defaultValue: ComparedLabels.OWN,
      description: 'Against which labels predictions are counted.',
    })
    labels: ComparedLabels,
  ): Promise<RunComparison> {
    return this.outcomes.compare(before, after, split, labels);
  }

  @FieldResolver(() => SampleChangeConnection, {
    description: 'Samples on which the runs differ, in the order of the data set.',
  })
  async changes(
    @Root() comparison: RunComparison,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('kind', () => ChangeKind, { nullable: true, description: 'Only these.' }) kind: ChangeKind | null,
  ): Promise<Page<SampleChange>> {
    checkFirst(first);
    const list = `changes from ${comparison.before.id} to ${comparison.after.id}`;
    const [afterRow = 0] = (decodeCursor(list, after, ['integer']) ?? []) as number[];
    const changes = await this.outcomes.changes(comparison, kind ?? null, first, afterRow);
    return pageOf(
      list,
      changes,
      { first, after },
      ({ sampleRow }) => [sampleRow],
      () => this.outcomes.countChanges(comparison, kind ?? null),
    );
  }
}

@Resolver(() => SampleChange)
export class SampleChangeResolver {
  private readonly byRow: DataLoader<number, Sample | null>;

  constructor(samples: SampleService) {
    this.byRow = new DataLoader((rows) => samples.byRows(rows), { cache: false });
  }

  @FieldResolver(() => Sample, { description: 'The sample, with its image, votes and labels.' })
  sample(@Root() change: SampleChange): Promise<Sample | null> {
    return this.byRow.load(change.sampleRow);
  }
}

@Resolver(() => TrainingRun)
export class RunResultsResolver {
  constructor(private readonly outcomes: RunOutcomeService) {}

  @FieldResolver(() => [RunResult], {
    description:
      'What it reached by every usual way of choosing the epoch; the optimistic one is marked. Empty before the first epoch.',
  })
  results(@Root() run: TrainingRun): Promise<RunResult[]> {
    return this.outcomes.results(run.row);
  }
}
