import { accessResolvers, type AccessServices } from '../access/resolvers.js';
import { analysisResolvers, type AnalysisServices } from '../analysis/resolvers.js';
import { datasetResolvers } from '../datasets/resolvers.js';
import type { RoomResolvers } from '../graphql/room-resolvers.js';
import { experimentResolvers, type ExperimentServices } from '../experiments/resolvers.js';
import { labelResolvers } from '../labels/resolvers.js';
import { modelResolvers } from '../models/resolvers.js';
import { predictionResolvers, type PredictionServices } from '../predictions/resolvers.js';
import { storageResolvers, type StorageServices } from '../storage/resolvers.js';
import { runResolvers, type RunServices } from '../runs/resolvers.js';
import type { IdempotencyStore } from './idempotency/idempotency-store.js';

/** What the API is built from: what each room's resolvers name. */
export interface Services
  extends StorageServices, AccessServices, RunServices, PredictionServices, AnalysisServices, ExperimentServices {
  idempotency: IdempotencyStore;
}

/** Every room that adds to the API; each lists its own resolvers. */
export const rooms: readonly RoomResolvers<Services>[] = [
  storageResolvers,
  datasetResolvers,
  labelResolvers,
  modelResolvers,
  runResolvers,
  predictionResolvers,
  analysisResolvers,
  experimentResolvers,
  accessResolvers,
];
