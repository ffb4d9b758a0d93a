import type { RoomResolvers } from '../graphql/room-resolvers.js';
import type { LabelServices } from '../labels/resolvers.js';
import type { ModelServices } from '../models/resolvers.js';
import type { CrossFitService } from './cross-fits/cross-fit.service.js';
import { CrossFitFoldResolver, CrossFitResolver, DatasetCrossFitsResolver } from './cross-fits/cross-fit.resolver.js';
import { DeletionResolver } from './deletion/deletion.resolver.js';
import type { DeletionService } from './deletion/deletion.service.js';
import { EpochResolver } from './epoch.resolver.js';
import { SavedFusionResolver } from './fusions/saved-fusion.resolver.js';
import type { SavedFusionService } from './fusions/saved-fusion.service.js';
import { RunEventResolver } from './events/run-event.resolver.js';
import {
  AnnotationRunResolver,
  DatasetRunsResolver,
  LabelSetRunsResolver,
  ModelRunResolver,
} from './reverse-lists.resolver.js';
import { StepLossesResolver } from './recorded/step-losses.resolver.js';
import { SettingsResolver } from './settings/settings.resolver.js';
import type { TrainingPlanner } from './settings/training-plan.js';
import { RecordingResolver } from './recording/recording.resolver.js';
import type { RecordingService } from './recording/recording.service.js';
import { WeightsResolver } from './recording/weights/weights.resolver.js';
import type { WeightsService } from './recording/weights/weights.service.js';
import { TrainingRunResolver } from './training-run.resolver.js';
import type { TrainingService } from './training.service.js';
import { RunWorkerResolver, WorkerResolver } from './workers/worker.resolver.js';

export interface RunServices extends LabelServices, ModelServices {
  training: TrainingService;
  deletions: DeletionService;
  planner: TrainingPlanner;
  recordings: RecordingService;
  weights: WeightsService;
  fusions: SavedFusionService;
  crossFits: CrossFitService;
}

export const runResolvers: RoomResolvers<RunServices> = {
  resolvers: [
    [
      TrainingRunResolver,
      ({ training, datasets, labelSets, models }) => new TrainingRunResolver(training, datasets, labelSets, models),
    ],
    [SettingsResolver, ({ planner }) => new SettingsResolver(planner)],
    [CrossFitResolver, ({ crossFits, datasets, labelSets }) => new CrossFitResolver(crossFits, datasets, labelSets)],
    [CrossFitFoldResolver, ({ training }) => new CrossFitFoldResolver(training)],
    [DatasetCrossFitsResolver, ({ crossFits }) => new DatasetCrossFitsResolver(crossFits)],
    [RunEventResolver, ({ training }) => new RunEventResolver(training)],
    [WorkerResolver, ({ training }) => new WorkerResolver(training)],
    [RunWorkerResolver, ({ training }) => new RunWorkerResolver(training)],
    [DatasetRunsResolver, ({ training }) => new DatasetRunsResolver(training)],
    [LabelSetRunsResolver, ({ training }) => new LabelSetRunsResolver(training)],
    [AnnotationRunResolver, ({ training }) => new AnnotationRunResolver(training)],
    [ModelRunResolver, ({ training }) => new ModelRunResolver(training)],
    [WeightsResolver, ({ weights, recordings }) => new WeightsResolver(weights, recordings)],
    [RecordingResolver, ({ recordings }) => new RecordingResolver(recordings)],
    [StepLossesResolver, ({ training }) => new StepLossesResolver(training.dataSource)],
    [EpochResolver, ({ training, datasets }) => new EpochResolver(training, datasets)],
    [SavedFusionResolver, ({ fusions }) => new SavedFusionResolver(fusions)],
    [DeletionResolver, ({ deletions }) => new DeletionResolver(deletions)],
  ],
  nodes: ({ training, weights, fusions, crossFits }) => ({
    weights: (row) => weights.byRow(row),
    fusion: (row) => fusions.byRow(row),
    crossfit: (row) => crossFits.byRow(row),
    run: (row) => training.byRow(row),
    epoch: (row) => training.epochByRow(row),
    worker: (row) => training.workerByRow(row),
  }),
};
