import { existsSync } from 'node:fs';
import path from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { createDashboard } from '../api/dashboard.js';
import { createGraphQLEndpoint, type GraphQLEndpoint } from '../api/graphql-endpoint.js';
import { defaultLimits } from '../api/limits/limits.js';
import type { Services } from '../api/rooms.js';
import { createSchema } from '../api/schema.js';
import { ApiServer } from '../api/server.js';
import type { Closers } from './closers.js';
import { CancellableSql } from '../database/cancellable-sql.js';
import { listen } from '../database/notifications.js';
import { type OpenDatabase, openDatabase } from '../database/open-database.js';
import { platformRouters } from './routers.js';
import { ImportQueue } from '../datasets/import-jobs/import-queue.js';
import { ImportRunner } from '../datasets/import-jobs/import-runner.js';
import { startDemo } from './demo.js';
import { childEnvironment, type Environment } from '../environment.js';
import { EnvironmentError } from '../errors.js';
import { mountAt } from '../graphql/public-path.js';
import { type Logger, stages } from '../logging.js';
import { createServices, type PlatformServices } from './services.js';
import { RunSupervisor } from '../runs/queue/run-supervisor.js';
import { trainingChannel } from '../runs/events/training-events.js';
import { TrainingQueue } from '../runs/queue/training-queue.js';
import { startTrainingSubscriptions } from '../runs/events/training-subscriptions.js';
import { takeInStore, tidyStore } from './take-in-store.js';
import { WorkerProcesses } from './worker-processes.js';

/** The directory of package.json: this file runs from `server/src` as well as from `dist/server/src`. */
const root = rootAbove(import.meta.dirname);

export interface Platform {
  url: string;
  /** Rejects when something that the platform cannot do without ends by itself. */
  broken: Promise<never>;
}

/**
 * Starts API, dashboard and workers in this order: port, database, schema, dashboard, workers, demonstration. What it
 * opens it adds to
 * `closers` at once, so that a start that fails or is stopped in the middle can be undone.
 */
export async function startPlatform(
  environment: Environment,
  log: Logger,
  closers: Closers,
  signal: AbortSignal,
): Promise<Platform> {
  const timed = stages(log);
  const stage = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    return timed(what, work);
  };
  mountAt(environment.basePath);
  const server = await ApiServer.listen(environment.host, environment.port, log, environment.allowedHosts);
  closers.add(() => server.close());
  const database = await stage('database ready', () => openDatabase({ ...environment, log: (line) => log.info(line) }));
  closers.add(() => database.close());
  const queue = await stage('queue ready', () => TrainingQueue.start(database.url, (line) => log.info(line)));
  closers.add(() => queue.stop());
  const supervisor = new RunSupervisor(database.dataSource, queue, (line) => log.warn(line));
  closers.add(() => supervisor.stop());
  const importQueue = await ImportQueue.start(database.url, (line) => log.info(line));
  closers.add(() => importQueue.stop());
  const services = createServices(database.dataSource, queue, environment.dataDirectory, {
    ...environment,
    importQueue,
    log: (line) => log.info(line),
  });
  closers.add(() => services.predictor.close());
  await takeInStore(database.dataSource, services, (line) => log.warn(line));
  const { graphql, schema } = await stage('API ready', () =>
    openGraphQL(environment, services, database, log, closers),
  );
  const development = environment.nodeEnvironment === 'development';
  const dashboard = await stage('dashboard ready', () =>
    createDashboard(path.join(root, 'web'), { url: server.url, development, basePath: environment.basePath }),
  );
  signal.throwIfAborted();
  server.serve({ graphql, routers: platformRouters(services, schema), dashboard });
  // Last opened, first closed: no request and no training is left when the database goes.
  closers.add(() => server.close());
  startWorkers(environment, database.url, services, log, closers);
  const runner = new ImportRunner(database.dataSource, services.imports, services.importJobs.facilities, log);
  closers.add(() => runner.stop());
  await runner.start();
  const tidying = tidyStore(database.dataSource, services, log);
  closers.add(() => tidying);
  if (environment.demo) startDemonstration(services, environment, log, closers);
  const broken = database.ended.then(() => {
    throw new EnvironmentError(
      'The embedded PostgreSQL ended by itself and cannot be started again; postgres.log in the data directory says why.',
    );
  });
  return { url: `${server.url}${environment.basePath}`, broken };
}

async function openGraphQL(
  environment: Environment,
  services: Services,
  { dataSource, url }: OpenDatabase,
  log: Logger,
  closers: Closers,
): Promise<{ graphql: GraphQLEndpoint; schema: GraphQLSchema }> {
  const warn = (line: string): void => log.warn(line);
  const { pubSub, close } = await startTrainingSubscriptions(
    dataSource,
    (hearing) => listen(url, trainingChannel, { ...hearing, log: warn }),
    warn,
  );
  closers.add(close);
  const { queryCost: cost, queryDepth: depth, queryTimeout, introspection } = environment;
  const limits = { ...defaultLimits, cost, depth, introspection, timeout: queryTimeout * 1000 };
  const schema = await createSchema(services, pubSub);
  return {
    schema,
    graphql: await createGraphQLEndpoint({ schema, log, limits, sql: new CancellableSql(dataSource, url, warn) }),
  };
}

function startWorkers(
  environment: Environment,
  databaseUrl: string,
  { training }: Services,
  log: Logger,
  closers: Closers,
): void {
  const workers = new WorkerProcesses({
    file: path.join(root, 'dist', 'server', 'src', 'worker.js'),
    count: environment.workers,
    environment: childEnvironment({ DATABASE_URL: databaseUrl, DATA_DIR: environment.dataDirectory }),
    log,
    onTrouble: (cause) => (training.workerTrouble = cause),
  });
  workers.start();
  closers.add(() => workers.stop());
}

/** In the background: the dashboard is of use before its faces are drawn. */
function startDemonstration(
  services: PlatformServices,
  { dataDirectory }: Environment,
  log: Logger,
  closers: Closers,
): void {
  const stop = new AbortController();
  const demo = startDemo({ ...services, dataDirectory }, stop.signal, (line) => log.info(line)).catch(
    (error: unknown) => {
      if (!stop.signal.aborted) log.error('the demonstration could not be made', error);
    },
  );
  closers.add(() => {
    stop.abort();
    return demo;
  });
}

function rootAbove(directory: string): string {
  return existsSync(path.join(directory, 'package.json')) ? directory : rootAbove(path.dirname(directory));
}
