import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDashboard } from '../../server/src/api/dashboard.js';
import { createGraphQLEndpoint } from '../../server/src/api/graphql-endpoint.js';
import { defaultLimits, type Limits } from '../../server/src/api/limits/limits.js';
import { createSchema } from '../../server/src/api/schema.js';
import { ApiServer } from '../../server/src/api/server.js';
import { CancellableSql } from '../../server/src/database/cancellable-sql.js';
import { listen } from '../../server/src/database/notifications.js';
import { openObservation } from '../../server/src/platform/observation.js';
import { platformRouters } from '../../server/src/platform/routers.js';
import { ImportQueue } from '../../server/src/datasets/import-jobs/import-queue.js';
import { ImportRunner } from '../../server/src/datasets/import-jobs/import-runner.js';
import { createLogger } from '../../server/src/logging.js';
import { createServices, type ServiceSettings, type PlatformServices } from '../../server/src/platform/services.js';
import { trainingChannel } from '../../server/src/runs/events/training-events.js';
import { TrainingQueue } from '../../server/src/runs/queue/training-queue.js';
import { startTrainingSubscriptions } from '../../server/src/runs/events/training-subscriptions.js';
import { anotherConnection, testDatabase, type TestDatabase } from './database.js';
import { DataStore } from '../../server/src/storage/data-store.js';
import type { OidcEnvironment } from '../../server/src/environment.js';
import { openAccess } from '../../server/src/platform/access.js';
import { Closers } from '../../server/src/platform/closers.js';

interface GraphQLAnswer<T> {
  data: T | null;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

export interface TestServer {
  /** Like `http://127.0.0.1:41234`. */
  url: string;
  database: TestDatabase;
  services: PlatformServices;
  dataDirectory: string;
  /** What the API logged; internal errors with their stacks. */
  log: string[];
  /** POSTs an operation. Errors are in the answer, not thrown. */
  query<T = Record<string, any>>(document: string, variables?: Record<string, unknown>): Promise<GraphQLAnswer<T>>;
  /** The data of an operation that has to succeed. @throws Error with what the API said otherwise. */
  data<T = Record<string, any>>(document: string, variables?: Record<string, unknown>): Promise<T>;
  close(): Promise<void>;
}

/**
 * The real API (GraphQL over HTTP and WebSocket, images) over a database of its own, on a free port. No worker runs;
 * imports in the background and the dashboard only on request.
 */
export async function testServer({
  dashboard = false,
  limits = {},
  files = {},
  imports = false,
  allowedHosts = [],
  auth,
  oidc = null,
  shared,
}: {
  dashboard?: boolean;
  limits?: Partial<Limits>;
  files?: ServiceSettings;
  imports?: boolean;
  allowedHosts?: string[];
  auth?: 'token' | 'none';
  oidc?: OidcEnvironment | null;
  /** The database of another server, which drops it. */
  shared?: TestDatabase;
} = {}): Promise<TestServer> {
  const database = shared ? await anotherConnection(shared) : await testDatabase();
  const lines: string[] = [];
  const closers = new Closers();
  const log = createLogger('debug', (text) => lines.push(text));
  const queue = await TrainingQueue.start(database.url, (line) => lines.push(line));
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'ada-df-test-server-'));
  const importQueue = imports
    ? await ImportQueue.start(database.url, DataStore.open(dataDirectory).id, (text) => lines.push(text))
    : null;
  const services = createServices(database.dataSource, queue, dataDirectory, {
    ...files,
    ...(importQueue && { importQueue }),
  });
  const runner = new ImportRunner(database.dataSource, services.imports, services.importJobs.facilities, log);
  if (imports) await runner.start();
  const line = (text: string): void => void lines.push(text);
  const { pubSub, close: closeSubscriptions } = await startTrainingSubscriptions(
    database.dataSource,
    (hearing) => listen(database.url, trainingChannel, { ...hearing, log: line }),
    line,
  );
  const server = await ApiServer.listen('127.0.0.1', 0, log, allowedHosts);
  const schema = await createSchema(services, pubSub);
  const { gate: access, routers } = await openAccess(
    { host: '127.0.0.1', auth, oidc },
    services,
    database.url,
    log,
    closers,
  );
  const { metrics, router } = openObservation(database.dataSource, dataDirectory);
  server.serve({
    access,
    metrics,
    graphql: await createGraphQLEndpoint({
      schema,
      log,
      limits: { ...defaultLimits, ...limits },
      metrics,
      sql: new CancellableSql(database.dataSource, database.url, line),
    }),
    routers: [router, ...routers, ...platformRouters(services, schema)],
    dashboard: dashboard
      ? await createDashboard(path.resolve('web'), { url: server.url, development: false, basePath: '' })
      : null,
  });
  const close = async (): Promise<void> => {
    await server.close();
    await closers.close(log);
    await closeSubscriptions();
    await runner.stop();
    await services.predictor.close();
    await services.recordings.late.close();
    await queue.stop();
    await database.drop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { url: server.url, database, services, dataDirectory, log: lines, ...askers(server.url), close };
}

function askers(url: string): Pick<TestServer, 'query' | 'data'> {
  const query = async <T>(document: string, variables: Record<string, unknown> = {}): Promise<GraphQLAnswer<T>> => {
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: document, variables }),
    });
    return (await response.json()) as GraphQLAnswer<T>;
  };
  const data = async <T>(document: string, variables: Record<string, unknown> = {}): Promise<T> => {
    const answer = await query<T>(document, variables);
    if (answer.errors || !answer.data)
      throw new Error(`The operation failed: ${JSON.stringify(answer.errors ?? answer)}`);
    return answer.data;
  };
  return { query, data };
}
