import DataLoader from 'dataloader';
import { Arg, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetService } from '../datasets/dataset.service.js';
import { Sample } from '../datasets/sample.entity.js';
import type { SampleService } from '../datasets/sample.service.js';
import { Split } from '../split.js';
import { InvalidInputError } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import { Connection, type Page } from '../graphql/pagination.js';
import { DistributionScalar } from '../graphql/scalars.js';
import { LabelChange, LabelDiff } from './label-diff.js';
import { LabelSet } from './label-set.entity.js';
import type { LabelSetService } from './label-set.service.js';
import type { StoredLabel } from './label-store.js';
import { NoiseRecord } from './noise/noise-record.js';

const LabelChangeConnection = Connection(LabelChange);
const setId = 'Like `labelset_1`.';

@ObjectType({ description: 'What a label set says of a sample.' })
export class SampleLabel {
  @Field(() => LabelSet, { description: 'The set.' })
  labelSet!: LabelSet;

  @Field(() => String, {
    nullable: true,
    description: 'A name of `Dataset.classes`; null where the set has no label for the sample.',
  })
  class!: string | null;

  @Field(() => DistributionScalar, {
    nullable: true,
    description:
      'A label that is a distribution, `[C]`; `class` is its highest. Null where the label is a class alone.',
  })
  distribution!: number[] | null;
}

@Resolver(() => LabelSet)
export class LabelSetResolver {
  private readonly datasetByRow: DataLoader<number, Dataset>;

  constructor(
    private readonly sets: LabelSetService,
    datasets: DatasetService,
  ) {
    this.datasetByRow = new DataLoader((rows) => datasets.byRows(rows), { cache: false });
  }

  @Query(() => LabelSet, { nullable: true, description: 'Null where there is none with this id.' })
  labelSet(@Arg('id', () => ID, { description: setId }) id: string): Promise<LabelSet | null> {
    return this.sets.byRow(rowOf('labelset', id));
  }

  @FieldResolver(() => Dataset, { description: 'The data set whose samples it labels.' })
  dataset(@Root() set: LabelSet): Promise<Dataset> {
    return this.datasetByRow.load(set.datasetRow);
  }

  @FieldResolver(() => LabelSet, {
    nullable: true,
    description: 'The set it was made from; null for those that came with the data set.',
  })
  async parent(@Root() set: LabelSet): Promise<LabelSet | null> {
    return set.parentRow === null ? null : this.sets.byRow(set.parentRow);
  }

  @FieldResolver(() => String, {
    description: 'Relative; GET it for the labels as CSV (`path`, `label`, `split`, `key`), to train with elsewhere.',
  })
  csvUrl(@Root() set: LabelSet): string {
    return `/labels/${set.id}.csv`;
  }

  @FieldResolver(() => [LabelSet], { description: 'Sets made from it, oldest first.' })
  children(@Root() set: LabelSet): Promise<LabelSet[]> {
    return this.sets.childrenOf(set);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'VOTES: samples whose highest vote several classes share; the first of them is the label. Null for other kinds.',
  })
  tied(@Root() { origin }: LabelSet): number | null {
    return origin.tied ?? null;
  }

  @FieldResolver(() => NoiseRecord, { nullable: true, description: 'NOISE: what was flipped. Null for other kinds.' })
  noise(@Root() { origin }: LabelSet): NoiseRecord | null {
    return origin.noise ?? null;
  }

  @FieldResolver(() => LabelDiff, { description: 'How another set of the same data set differs from this one.' })
  async diff(
    @Root() set: LabelSet,
    @Arg('to', () => ID, { description: setId }) to: string,
    @Arg('split', () => Split, { nullable: true, description: 'Only samples of this split; all by default.' })
    split: Split | null,
  ): Promise<LabelDiff> {
    return this.sets.compare(set, await this.sets.byId(to, 'to', set.datasetRow), split ?? null);
  }
}

@Resolver(() => LabelDiff)
export class LabelDiffResolver {
  constructor(private readonly sets: LabelSetService) {}

  @FieldResolver(() => LabelChangeConnection, {
    description:
      'Samples whose labels differ, in the order of import. With both classes: the samples of that cell, also on the diagonal. Samples that lack a label have none of the classes.',
  })
  samples(
    @Root() diff: LabelDiff,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 1000.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor of this list.' }) after: string | null,
    @Arg('from', () => String, { nullable: true, description: 'Only samples with this class in `LabelDiff.from`.' })
    from: string | null,
    @Arg('to', () => String, { nullable: true, description: 'Only samples with this class in `LabelDiff.to`.' }) to:
      | string
      | null,
  ): Promise<Page<LabelChange>> {
    return this.sets.changes(diff, {
      first,
      after,
      fromLabel: classIndex(diff, 'from', from),
      toLabel: classIndex(diff, 'to', to),
    });
  }
}

@Resolver(() => LabelChange)
export class LabelChangeResolver {
  private readonly byRow: DataLoader<number, Sample>;

  constructor(samples: SampleService) {
    this.byRow = new DataLoader((rows) => samples.byRows(rows), { cache: false });
  }

  @FieldResolver(() => Sample, { description: 'The sample.' })
  sample(@Root() change: LabelChange): Promise<Sample> {
    return this.byRow.load(change.sampleRow);
  }
}

@Resolver(() => Dataset)
export class DatasetLabelSetsResolver {
  constructor(private readonly sets: LabelSetService) {}

  @FieldResolver(() => [LabelSet], { description: 'Versions of its labels, oldest first; `given` is always there.' })
  labelSets(@Root() dataset: Dataset): Promise<LabelSet[]> {
    return this.sets.ofDataset(dataset.row);
  }
}

@Resolver(() => Sample)
export class SampleLabelsResolver {
  constructor(private readonly sets: LabelSetService) {}

  @FieldResolver(() => SampleLabel, { description: 'What a label set of its data set says of the sample.' })
  async label(
    @Root() sample: Sample,
    @Arg('labelSet', () => ID, { description: setId }) id: string,
  ): Promise<SampleLabel> {
    const set = await this.sets.byRow(rowOf('labelset', id, 'labelSet'));
    if (set?.datasetRow !== sample.datasetRow)
      throw new InvalidInputError('labelSet', `a label set of ${sample.dataset.id}`, id);
    return labelIn(sample, set, await this.sets.labelOf(set.row, sample));
  }

  @FieldResolver(() => [SampleLabel], {
    description: 'What every label set of its data set says of the sample, oldest set first.',
  })
  async labels(@Root() sample: Sample): Promise<SampleLabel[]> {
    const sets = await this.sets.ofDataset(sample.datasetRow);
    return Promise.all(sets.map(async (set) => labelIn(sample, set, await this.sets.labelOf(set.row, sample))));
  }
}

function labelIn(sample: Sample, labelSet: LabelSet, { label, distribution }: StoredLabel): SampleLabel {
  return { labelSet, class: label === null ? null : sample.dataset.classes[label], distribution };
}

function classIndex({ classes }: LabelDiff, path: string, name: string | null): number | null {
  if (name === null || name === undefined) return null;
  const index = classes.indexOf(name);
  if (index < 0) throw new InvalidInputError(path, `one of ${classes.join(', ')}`, name);
  return index;
}
