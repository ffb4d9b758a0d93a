import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import { once } from 'node:events';
import express, { type NextFunction, type RequestHandler, type Response } from 'express';
import { authorisation } from './authorise-operation.js';
import type { Context } from './context.js';
import { deadline } from './deadline.js';
import { formatError } from './format-error.js';
import { clientOf } from './client-turns.js';
import type { EndpointParts } from './graphql-parts.js';
import { PlatformError } from '../errors.js';
import { statusOfErrors } from './http-status.js';
import { costLimit } from './limits/apollo-limits.js';
import { operationTimes } from './observation/operation-times.js';
import { limitRules } from './limits/rules.js';

export interface GraphQLOverHttp {
  /** After a parser of JSON bodies. */
  handler: RequestHandler;
  close(): Promise<void>;
}

/**
 * Queries and mutations by POST, queries by GET, by their text or by the hash of one sent before (automatic persisted
 * queries).
 */
export async function graphqlOverHttp(parts: EndpointParts): Promise<GraphQLOverHttp> {
  const { schema, log, limits, sql, turns, metrics } = parts;
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: limits.introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: limitRules(limits),
    // Its wrapper around every field costs more than a page of samples does.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      statusOfErrors,
      authorisation(sql),
      costLimit(limits),
      ...(metrics ? [operationTimes(metrics)] : []),
    ],
    formatError: (formatted, error) => formatError(formatted, error, log),
    // Signals are for the composition root, which closes things in order.
    stopOnTerminationSignals: false,
    logger: log,
  });
  await apollo.start();
  const answer = expressMiddleware(apollo, {
    context: async ({ req }): Promise<Context> => ({ request: req }),
  }) as unknown as RequestHandler;
  // Browsers compare tags of what they got by GET alone, and a tag costs a hash of the whole answer.
  const untagged = express().disable('etag').disable('x-powered-by').use(answer);
  const handler: RequestHandler = (request, response, next) => {
    const turn = async (): Promise<void> => {
      if (response.destroyed) return;
      const { signal, late, left, met } = deadline(limits.timeout);
      const closed = once(response, 'close').then(() => (response.writableEnded ? met() : left()));
      const work = (): unknown => (request.method === 'GET' ? answer : untagged)(request, response, next);
      void sql.run(signal, work, late);
      await closed;
    };
    turns.run(clientOf(request), turn).catch((error: unknown) => refuseTurn(error, response, next));
  };
  return { handler, close: () => apollo.stop() };
}

function refuseTurn(error: unknown, response: Response, next: NextFunction): void {
  if (!(error instanceof PlatformError) || response.headersSent) return next(error);
  const { message, code, details } = error;
  response
    .status(429)
    .set('Retry-After', '1')
    .json({ errors: [{ message, extensions: { ...details, code } }] });
}
