import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { type AskedOperation, authorise, isMutation } from '../access/operation-role.js';
import { principalOf } from '../access/principal.js';
import { PlatformError } from '../errors.js';
import type { Context } from './context.js';
import type { Cancellable } from './deadline.js';

/**
 * Once for an operation, before it runs: whether whoever asks may, and for whom it then changes things.
 * @returns why not; null where they may.
 */
export function refusalOf(
  schema: GraphQLSchema,
  operation: AskedOperation,
  { request }: Context,
  sql: Cancellable,
): GraphQLError | null {
  const principal = principalOf(request);
  try {
    authorise(schema, operation, principal);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const extensions = { ...error.details, code: error.code, http: { status: 403 } };
    return new GraphQLError(error.message, { originalError: error, extensions });
  }
  if (isMutation(operation)) sql.actFor(principal.name);
  return null;
}

export function authorisation(sql: Cancellable): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operationName, contextValue }) {
          const refusal = refusalOf(schema, { document, operationName }, contextValue, sql);
          if (refusal) throw refusal;
        },
      };
    },
  };
}
