import { FieldResolver, Resolver, Root } from 'type-graphql';
import { Dataset } from '../datasets/dataset.entity.js';
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

@Resolver(() => Model)
export class ModelRunResolver {
  constructor(private readonly training: TrainingService) {}

  @FieldResolver(() => TrainingRun, { nullable: true, description: 'The run that trained it.' })
  run(@Root() model: Model): Promise<TrainingRun | null> {
    return this.training.ofModel(model.row);
  }
}
