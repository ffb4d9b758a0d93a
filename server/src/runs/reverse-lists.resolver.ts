import DataLoader from 'dataloader';
import { FieldResolver, Resolver, Root } from 'type-graphql';
import { Dataset } from '../datasets/dataset.entity.js';
import { Annotation } from '../labels/annotation.entity.js';
import { LabelSet } from '../labels/label-set.entity.js';
import { Model } from '../models/model.entity.js';
import { TrainingRun } from './training-run.entity.js';
import type { TrainingService } from './training.service.js';

@Resolver(() => Dataset)
export class DatasetRunsResolver {
  constructor(private readonly training: TrainingService) {}

  @FieldResolver(() => [TrainingRun], { description: 'Newest first.' })
  runs(@Root() dataset: Dataset): Promise<TrainingRun[]> {
    return this.training.ofDataset(dataset.row);
  }
}

@Resolver(() => LabelSet)
export class LabelSetRunsResolver {
  constructor(private readonly training: TrainingService) {}

  @FieldResolver(() => [TrainingRun], { description: 'Runs that trained on it, newest first.' })
  runs(@Root() set: LabelSet): Promise<TrainingRun[]> {
    return this.training.ofLabelSet(set.row);
  }
}

@Resolver(() => Annotation)
export class AnnotationRunResolver {
  private readonly runByRow: DataLoader<number, TrainingRun | null>;

  constructor(training: TrainingService) {
    this.runByRow = new DataLoader((rows) => training.byRows(rows), { cache: false });
  }

  @FieldResolver(() => TrainingRun, {
    nullable: true,
    description: 'The run that suggested it; null where none did, or it is deleted.',
  })
  async run(@Root() { runRow }: Annotation): Promise<TrainingRun | null> {
    return runRow === null ? null : this.runByRow.load(runRow);
  }
}

@Resolver(() => Model)
export class ModelRunResolver {
  constructor(private readonly training: TrainingService) {}

  @FieldResolver(() => TrainingRun, { nullable: true, description: 'The run that trained it.' })
  run(@Root() model: Model): Promise<TrainingRun | null> {
    return this.training.ofModel(model.row);
  }
}
