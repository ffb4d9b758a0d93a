import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';
import type { GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Logger } from '../logging.js';
import type { Context } from './context.js';
import { formatError, formatGraphQLError } from './format-error.js';
import { statusForOldClients } from './http-status.js';
import { subscribeWithErrorsAsResults } from './subscription-errors.js';

export const graphqlPath = '/graphql';
/** A request is an operation and its variables; images and data sets do not come this way. */
const largestBody = '1mb';
/** Tokens of an operation: the largest of the dashboard has some hundreds. */
const mostTokens = 10_000;
const largestMessage = 1024 * 1024;

/** GraphQL over HTTP and WebSocket, at `graphqlPath`. */
export interface GraphQLEndpoint {
  router: Router;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

export async function createGraphQLEndpoint(schema: GraphQLSchema, log: Logger): Promise<GraphQLEndpoint> {
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: mostTokens },
    // Its wrapper around every field costs more than a page of samples does.
    plugins: [ApolloServerPluginCacheControlDisabled(), statusForOldClients],
    formatError: (formatted, error) => formatError(formatted, error, log),
    // Signals are for the composition root, which closes things in order.
    stopOnTerminationSignals: false,
    logger: log,
  });
  await apollo.start();

  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage });
  const subscriptions = useServer<Record<string, unknown>, { request: IncomingMessage }>(
    {
      schema,
      subscribe: subscribeWithErrorsAsResults,
      context: ({ extra }): Context => ({ request: extra.request }),
      onError: (_context, _id, _payload, errors) => errors.map((error) => formatGraphQLError(error, log)),
      onNext: (_context, _id, _payload, _args, result) => (result.errors ? { ...result, errors: result.errors.map((error) => formatGraphQLError(error, log)) } : undefined),
    },
    sockets,
  );

  const router = Router();
  const answer = expressMiddleware(apollo, { context: async ({ req }): Promise<Context> => ({ request: req }) });
  router.use(graphqlPath, openSandbox, express.json({ limit: largestBody }), answer as unknown as RequestHandler, refuseBody);
  return {
    router,
    upgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request)),
    close: async () => {
      await subscriptions.dispose();
      for (const client of sockets.clients) client.terminate();
      await apollo.stop();
    },
  };
}

/** A person who opens the endpoint in a browser gets the page to try queries on. */
function openSandbox(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' && request.headers.accept?.includes('text/html')) {
    const search = request.originalUrl.indexOf('?');
    response.redirect(307, `/graphiql${search < 0 ? '' : request.originalUrl.slice(search)}`);
  } else next();
}

/** A body that is too large or no JSON: Express would answer with a page of HTML. */
function refuseBody(error: Error & { status?: number; expose?: boolean }, _request: Request, response: Response, next: NextFunction): void {
  if (!error.status || !error.expose || response.headersSent) return next(error);
  const expected = error.status === 413 ? `a body of at most ${largestBody}` : 'a body of JSON';
  response.status(error.status).json({ errors: [{ message: `${graphqlPath}: expected ${expected}. ${error.message}`, extensions: { code: 'BAD_REQUEST' } }] });
}
