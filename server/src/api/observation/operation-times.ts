import type { ApolloServerPlugin } from '@apollo/server';
import type { Context } from '../context.js';
import type { PlatformMetrics } from './platform-metrics.js';

/** Counts operations and their errors; one call an operation, nothing a field. */
export function operationTimes(metrics: PlatformMetrics): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => {
      const start = performance.now();
      return {
        willSendResponse: async ({ operationName, operation, errors }) => {
          metrics.operated(
            operationName ?? null,
            operation?.operation ?? 'unknown',
            (performance.now() - start) / 1000,
            (errors ?? []).map(({ extensions }) => String(extensions['code'] ?? 'INTERNAL_SERVER_ERROR')),
          );
        },
      };
    },
  };
}
