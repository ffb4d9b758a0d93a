import type { ClientTurns } from './client-turns.js';
import type { GraphQLSchema } from 'graphql';
import type { PlatformMetrics } from './observation/platform-metrics.js';
import type { Logger } from '../logging.js';
import type { Cancellable } from './deadline.js';
import type { Limits } from './limits/limits.js';

/** What every transport is made of. */
export interface GraphQLParts {
  schema: GraphQLSchema;
  log: Logger;
  limits: Limits;
  /** Runs an operation so that its SQL ends with it. */
  sql: Cancellable;
  /** Counts operations; null where nobody looks. */
  metrics?: PlatformMetrics | null;
}

/** With what both ways of asking share. */
export interface EndpointParts extends GraphQLParts {
  turns: ClientTurns;
}
