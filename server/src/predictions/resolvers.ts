import type { RoomResolvers } from '../graphql/room-resolvers.js';
import { EvaluationResolver, ModelEvaluationsResolver } from './evaluation/evaluation.resolver.js';
import type { EvaluationService } from './evaluation/evaluation.service.js';
import { PredictionResolver } from './prediction.resolver.js';
import type { PredictionService } from './prediction.service.js';
import { SaliencyResolver } from './saliency.resolver.js';

export interface PredictionServices {
  evaluations: EvaluationService;
  predictions: PredictionService;
}

export const predictionResolvers: RoomResolvers<PredictionServices> = {
  resolvers: [
    [PredictionResolver, ({ predictions }) => new PredictionResolver(predictions)],
    [SaliencyResolver, ({ predictions }) => new SaliencyResolver(predictions)],
    [EvaluationResolver, ({ evaluations }) => new EvaluationResolver(evaluations)],
    [ModelEvaluationsResolver, ({ evaluations }) => new ModelEvaluationsResolver(evaluations)],
  ],
  nodes: ({ evaluations }) => ({ evaluation: (row) => evaluations.byRow(row) }),
};
