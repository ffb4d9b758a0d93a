import { execute, type ExecutionArgs } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { deadline } from './deadline.js';
import { formatGraphQLError } from './format-error.js';
import type { GraphQLParts } from './graphql-parts.js';
import { operationPreparer } from './limits/prepare-operation.js';
import { subscribeWithErrorsAsResults } from './subscription-errors.js';

const largestMessage = 1024 * 1024;

export interface GraphQLOverWebSocket {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Every kind of operation, in the protocol graphql-transport-ws, within the same limits as by HTTP. */
export function graphqlOverWebSocket({ schema, log, limits, sql }: GraphQLParts): GraphQLOverWebSocket {
  const prepare = operationPreparer(schema, limits);
  const executeInTime = async (args: ExecutionArgs): Promise<Awaited<ReturnType<typeof execute>>> => {
    const { signal, met } = deadline(limits.timeout);
    try {
      return await sql.run(signal, () => execute(args));
    } finally {
      met();
    }
  };
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage });
  const subscriptions = useServer<Record<string, unknown>, { request: IncomingMessage }>(
    {
      schema,
      execute: executeInTime,
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
