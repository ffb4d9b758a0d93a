import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Sample } from '../../datasets/sample.entity.js';
import type { SampleService } from '../../datasets/sample.service.js';
import { checkFirst } from '../../graphql/pagination.js';
import { RunComparison } from './run-comparison.js';
import {
  ComparedEpoch,
  PartAgreement,
  PartingKind,
  RightCounts,
  RightRun,
  RunAgreement,
  SettingChange,
} from './run-difference.js';
import { rightRun, type RunDifferenceService } from './run-difference.service.js';

@Resolver(() => RunComparison)
export class RunDifferenceResolver {
  constructor(
    private readonly differences: RunDifferenceService,
    private readonly samples: SampleService,
  ) {}

  @FieldResolver(() => [SettingChange], {
    description:
      'Settings that differ, by name, those of recorded runs too. Where only `seed` is among them, chance made the difference.',
  })
  settings(@Root() comparison: RunComparison): SettingChange[] {
    return this.differences.settings(comparison);
  }

  @FieldResolver(() => RunAgreement, { description: 'How far the two predict the same, whatever is right.' })
  agreement(@Root() comparison: RunComparison): Promise<RunAgreement> {
    return this.differences.agreement(comparison);
  }

  @FieldResolver(() => [PartAgreement], { description: 'Where they part.' })
  parting(
    @Root() comparison: RunComparison,
    @Arg('by', () => PartingKind, { description: 'By what the samples are parted.' }) by: PartingKind,
  ): Promise<PartAgreement[]> {
    return this.differences.parting(comparison, by);
  }

  @FieldResolver(() => RightCounts, { description: 'How many samples each gets right, by its own labels.' })
  right(@Root() comparison: RunComparison): Promise<RightCounts> {
    return this.differences.right(comparison);
  }

  @FieldResolver(() => [Sample], {
    description: 'Samples that one gets right and the other does not, in the order of import.',
  })
  async samplesRight(
    @Root() comparison: RunComparison,
    @Arg('which', () => RightRun, { description: 'Who is right.' }) which: RightRun,
    @Arg('first', () => Int, { defaultValue: 12, description: '1 to 1000.' }) first: number,
  ): Promise<Sample[]> {
    checkFirst(first);
    const all = await this.differences.samples(comparison, comparison.split);
    const rows = all.filter((sample) => rightRun(sample) === which).slice(0, first);
    const found = await this.samples.byRows(rows.map(({ row }) => row));
    return found.filter((sample) => sample !== null);
  }

  @FieldResolver(() => [ComparedEpoch], { description: 'Their accuracies over each other, on the compared split.' })
  curves(@Root() comparison: RunComparison): Promise<ComparedEpoch[]> {
    return this.differences.curves(comparison);
  }

  @FieldResolver(() => String, { description: 'Relative; GET it for every sample that both predicted, as CSV.' })
  csvUrl(@Root() { before, after, split }: RunComparison): string {
    return `/comparisons/${before.id}/${after.id}.csv?split=${split}`;
  }
}
