import { execute, type ExecutionArgs, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { isMutation } from '../access/operation-role.js';
import { principalOf } from '../access/principal.js';
import { deadline } from './deadline.js';
import { formatGraphQLError } from './format-error.js';
import { PlatformError } from '../errors.js';
import { clientOf } from './client-turns.js';
import type { Context } from './context.js';
import type { EndpointParts } from './graphql-parts.js';
import { operationPreparer } from './limits/prepare-operation.js';
import { subscribeWithErrorsAsResults } from './subscription-errors.js';

const largestMessage = 1024 * 1024;

export interface GraphQLOverWebSocket {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Every kind of operation, in the protocol graphql-transport-ws, within the same limits as by HTTP. */
export function graphqlOverWebSocket({ schema, log, limits, sql, turns }: EndpointParts): GraphQLOverWebSocket {
  const prepare = operationPreparer(schema, limits, sql);
  type Executed = Awaited<ReturnType<typeof execute>>;
  const executeInTime = async (args: ExecutionArgs): Promise<Executed> => {
    const { signal, met } = deadline(limits.timeout);
    try {
      return await sql.run(signal, () => {
        // Known only now: what a socket asks runs apart from its request.
        if (isMutation(args)) sql.actFor(principalOf((args.contextValue as Context).request).name);
        return execute(args);
      });
    } finally {
      met();
    }
  };
  const executeInTurn = async (args: ExecutionArgs): Promise<Executed> => {
    try {
      return await turns.run(clientOf((args.contextValue as Context).request), () => executeInTime(args));
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      return { errors: [new GraphQLError(error.message, { originalError: error })] };
    }
  };
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage });
  const subscriptions = useServer<Record<string, unknown>, { request: IncomingMessage }>(
    {
      schema,
      execute: executeInTurn,
      subscribe: subscribeWithErrorsAsResults,
      onSubscribe: ({ extra }, _id, payload) => prepare(payload, { request: extra.request }),
      onError: (_context, _id, _payload, errors) => errors.map((error) => formatGraphQLError(error, log)),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors ? { ...result, errors: result.errors.map((error) => formatGraphQLError(error, log)) } : undefined,
    },
    sockets,
  );
  return {
    upgrade: (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request)),
    close: async () => {
      await subscriptions.dispose();
      for (const client of sockets.clients) client.terminate();
    },
  };
}
