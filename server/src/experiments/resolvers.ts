import type { RoomResolvers } from '../graphql/room-resolvers.js';
import { ExperimentResolver } from './experiment.resolver.js';
import type { ExperimentService } from './experiment.service.js';

export interface ExperimentServices {
  experiments: ExperimentService;
}

export const experimentResolvers: RoomResolvers<ExperimentServices> = {
  resolvers: [[ExperimentResolver, ({ experiments }) => new ExperimentResolver(experiments)]],
  nodes: ({ experiments }) => ({ experiment: (row) => experiments.byRow(row) }),
};
