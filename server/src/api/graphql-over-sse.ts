import type { RequestHandler } from 'express';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/express';
import type { Context } from './context.js';
import { formatGraphQLError } from './format-error.js';
import type { GraphQLParts } from './graphql-parts.js';
import { isSubscription, operationPreparer, type RequestedOperation } from './limits/prepare-operation.js';
import { subscribeWithErrorsAsResults } from './subscription-errors.js';

/**
 * Subscriptions as server-sent events, for curl and other programs without WebSocket: a request that accepts
 * `text/event-stream`. Nothing else comes
 * this way, so a page of another site cannot change anything with it, and the browser's own rules keep the answers from
 * that page.
 */
export function graphqlOverSse({ schema, log, limits, sql }: GraphQLParts): RequestHandler {
  const prepare = operationPreparer(schema, limits, sql);
  const prepared = (requested: RequestedOperation, context: Context): ExecutionArgs | readonly GraphQLError[] => {
    const args = prepare(requested, context);
    if ('document' in args && !isSubscription(args))
      return [
        new GraphQLError('Expected a subscription: queries and mutations are answered as JSON.', {
          extensions: { code: 'BAD_REQUEST' },
        }),
      ];
    return args;
  };
  const formatted = <R extends object>(result: R): R => {
    const { errors } = result as ExecutionResult;
    return errors ? { ...result, errors: errors.map((error) => formatGraphQLError(error, log)) } : result;
  };
  const handle = createHandler<never>({
    schema,
    // One stream an operation: the state of a shared one would be on this server alone.
    authenticate: () => null,
    onSubscribe: (request, params) => {
      const args = prepared(params as RequestedOperation, { request: request.raw });
      if ('document' in args) return args as never;
      return [
        JSON.stringify({ errors: args.map((error) => formatGraphQLError(error, log)) }),
        { status: 400, statusText: 'Bad Request', headers: { 'content-type': 'application/json; charset=utf-8' } },
      ];
    },
    subscribe: subscribeWithErrorsAsResults as never,
    onNext: (_context, _request, result) => formatted(result),
  });
  return (request, response, next) => {
    handle(request, response).catch(next);
  };
}

/** Whether the client waits for events. */
export function wantsEvents(accept: string | undefined): boolean {
  return accept?.includes('text/event-stream') ?? false;
}
