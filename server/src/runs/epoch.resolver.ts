import DataLoader from 'dataloader';
import { Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { DatasetService } from '../datasets/dataset.service.js';
import { DistributionScalar } from '../graphql/scalars.js';
import { Epoch } from './recorded/epoch.entity.js';
import type { TrainingService } from './training.service.js';

@ObjectType({
  description:
    'A row of L after an epoch: what the auxiliary branch says of the samples labelled with a class, on average.',
})
export class ClassDistribution {
  @Field(() => String, { description: 'The given label, a name of `Dataset.classes`.' })
  class!: string;

  @Field(() => DistributionScalar, { description: 'Row y of L, `[C]`.' })
  distribution!: number[];

  @Field(() => Boolean, {
    nullable: true,
    description:
      'The mined row was below the threshold t on its own class (or had no samples), so this is the fallback. Null where it was not recorded.',
  })
  fallback!: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Training samples with this given label; null where it was not recorded.',
  })
  samples!: number | null;
}

@Resolver(() => Epoch)
export class EpochResolver {
  private readonly classesByRun: DataLoader<number, string[]>;

  constructor(training: TrainingService, datasets: DatasetService) {
    const classesOf = async (runRows: readonly number[]): Promise<string[][]> => {
      const runs = await training.byRows(runRows);
      const found = await datasets.byRows(runs.map((run) => run!.datasetRow));
      return found.map((dataset) => dataset!.classes);
    };
    this.classesByRun = new DataLoader(classesOf, { cache: false });
  }

  @FieldResolver(() => [ClassDistribution], {
    nullable: true,
    description: 'C rows, in the order of `Dataset.classes`; null where a recorded run did not say them.',
  })
  async classDistributions(@Root() epoch: Epoch): Promise<ClassDistribution[] | null> {
    const { classDistributions, fallbackRows, classCounts } = epoch;
    if (classDistributions === null) return null;
    const classes = await this.classesByRun.load(epoch.runRow);
    return classes.map((name, row) => ({
      class: name,
      distribution: classDistributions.slice(row * classes.length, (row + 1) * classes.length),
      fallback: fallbackRows?.[row] ?? null,
      samples: classCounts?.[row] ?? null,
    }));
  }
}
