import { getOperationAST, type DocumentNode, type ExecutionResult } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { serverPath, socketUrl } from '../../graphql/address';

interface Request {
  query: string;
  operationName?: string | null;
  variables?: unknown;
}

/** What GraphiQL calls: subscriptions go over a WebSocket, the rest over HTTP, both to /graphql of this server. */
export function createFetcher(): (
  request: Request,
  options?: { documentAST?: DocumentNode; headers?: Record<string, unknown> },
) => Promise<ExecutionResult> | AsyncIterableIterator<ExecutionResult> {
  let socket: Client | undefined;
  return (request, options) => {
    const operation = options?.documentAST && getOperationAST(options.documentAST, request.operationName ?? undefined);
    if (operation?.operation === 'subscription') {
      socket ??= createClient({ url: socketUrl, lazy: true, retryAttempts: Infinity, shouldRetry: () => true });
      return socket.iterate({
        query: request.query,
        operationName: request.operationName,
        variables: request.variables as Record<string, unknown> | undefined,
      }) as AsyncIterableIterator<ExecutionResult>;
    }
    return post(request, options?.headers ?? {});
  };
}

async function post(request: Request, headers: Record<string, unknown>): Promise<ExecutionResult> {
  const response = await fetch(serverPath('/graphql'), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(headers as Record<string, string>),
    },
    body: JSON.stringify(request),
  });
  return (await response.json()) as ExecutionResult;
}
