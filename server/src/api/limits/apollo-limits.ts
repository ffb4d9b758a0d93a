import type { ApolloServerPlugin } from '@apollo/server';
import type { Context } from '../context.js';
import { costProblem } from './cost.js';
import type { Limits } from './limits.js';

/** The cost of an operation is known with its variables: after validation, before execution. */
export function costLimit(limits: Limits): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operationName, request }) {
          const problem = costProblem(schema, { document, operationName, variables: request.variables }, limits);
          if (problem) throw problem;
        },
      };
    },
  };
}
