import express, { type NextFunction, type Request, type Response, Router } from 'express';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { publicPath } from '../graphql/public-path.js';
import { ClientTurns } from './client-turns.js';
import { graphqlOverHttp } from './graphql-over-http.js';
import { graphqlOverSse, wantsEvents } from './graphql-over-sse.js';
import { graphqlOverWebSocket } from './graphql-over-websocket.js';
import type { GraphQLParts } from './graphql-parts.js';

export const graphqlPath = '/graphql';
/** A request is an operation and its variables; images and data sets do not come this way. */
const largestBody = '1mb';

/** GraphQL over HTTP, WebSocket and server-sent events, at `graphqlPath`. */
export interface GraphQLEndpoint {
  router: Router;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

export async function createGraphQLEndpoint(parts: GraphQLParts): Promise<GraphQLEndpoint> {
  const turns = new ClientTurns();
  const http = await graphqlOverHttp({ ...parts, turns });
  const webSocket = graphqlOverWebSocket({ ...parts, turns });
  const sse = graphqlOverSse(parts);
  const router = Router();
  router.use(
    graphqlPath,
    openSandbox,
    express.json({ limit: largestBody }),
    (request: Request, response: Response, next: NextFunction) =>
      (wantsEvents(request.headers.accept) ? sse : http.handler)(request, response, next),
    refuseBody,
  );
  return {
    router,
    upgrade: (request, socket, head) => webSocket.upgrade(request, socket, head),
    close: async () => {
      await webSocket.close();
      await http.close();
    },
  };
}

/** A person who opens the endpoint in a browser gets the page to try queries on. */
function openSandbox(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' && request.headers.accept?.includes('text/html')) {
    const search = request.originalUrl.indexOf('?');
    response.redirect(307, publicPath(`/graphiql${search < 0 ? '' : request.originalUrl.slice(search)}`));
  } else next();
}

/** A body that is too large or no JSON: Express would answer with a page of HTML. */
function refuseBody(
  error: Error & { status?: number; expose?: boolean; body?: unknown },
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (!error.status || !error.expose || response.headersSent) return next(error);
  const expected = error.status === 413 ? `a body of at most ${largestBody}` : 'a body of JSON in UTF-8';
  // Windows PowerShell sends and writes UTF-16: read as UTF-8 every other character is a zero.
  const isWide = typeof error.body === 'string' && error.body.slice(0, 8).includes('\0');
  const found = isWide ? 'This is UTF-16: in PowerShell write it with -Encoding utf8.' : error.message;
  response.status(error.status).json({
    errors: [{ message: `${graphqlPath}: expected ${expected}. ${found}`, extensions: { code: 'BAD_REQUEST' } }],
  });
}
