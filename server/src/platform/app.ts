import { repositoryRoot } from './repository-root.js';
import path from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { createDashboard } from '../api/dashboard.js';
import { createGraphQLEndpoint, type GraphQLEndpoint } from '../api/graphql-endpoint.js';
import { defaultLimits } from '../api/limits/limits.js';
import type { Services } from '../api/rooms.js';
import type { PlatformMetrics } from '../api/observation/platform-metrics.js';
import { createSchema } from '../api/schema.js';
import { ApiServer } from '../api/server.js';
import { isOpen, openAccess } from './access.js';
import type { Closers } from './closers.js';
import { CancellableSql } from '../database/cancellable-sql.js';
import { listen } from '../database/notifications.js';
import { type OpenDatabase, openDatabase } from '../database/open-database.js';
import { openObservation } from './observation.js';
import { withSessionOptions } from '../database/session-settings.js';
import { platformRouters } from './routers.js';
import { ImportQueue } from '../datasets/import-jobs/import-queue.js';
import type { ImportJobProgress } from '../datasets/import-jobs/import-job.entity.js';
import { ImportRunner } from '../datasets/import-jobs/import-runner.js';
import type { PerformImport } from '../datasets/import-jobs/perform-import.js';
import { startDemo } from './demo.js';
import { importReading } from './import-reading.js';
import type { Reader } from '../untrusted/reading.js';
import { ReadingProcesses } from '../untrusted/reading-processes.js';
import { childEnvironment, type Environment } from '../environment.js';
import { EnvironmentError } from '../errors.js';
import { mountAt } from '../graphql/public-path.js';
import { type Logger, stages } from '../logging.js';
import { createServices, type PlatformServices } from './services.js';
import { RunSupervisor } from '../runs/queue/run-supervisor.js';
import { trainingChannel } from '../runs/events/training-events.js';
import { TrainingQueue } from '../runs/queue/training-queue.js';
import { startTrainingSubscriptions } from '../runs/events/training-subscriptions.js';
import { DataStore } from '../storage/data-store.js';
import { takeInStore } from './take-in-store.js';
import { WorkerProcesses } from './worker-processes.js';

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
  isOpen(environment);
  const server = await ApiServer.listen(environment.host, environment.port, log, environment.allowedHosts);
  closers.add(() => server.close());
  const database = await stage('database ready', () => openDatabase({ ...environment, log: (line) => log.info(line) }));
  closers.add(() => database.close());
  const { queue, importQueue } = await stage('queues ready', () => openQueues(environment, database, log, closers));
  const { reader, importReader } = openReaders(log, closers);
  const services = createServices(database.dataSource, queue, environment.dataDirectory, {
    ...environment,
    importQueue,
    reader,
    log: (line) => log.info(line),
  });
  closers.add(() => services.predictor.close());
  closers.add(() => services.recordings.late.close());
  await takeInStore(database.dataSource, services, (line) => log.warn(line));
  const observation = openObservation(database.dataSource, environment.dataDirectory);
  const { graphql, schema } = await stage('API ready', () =>
    openGraphQL(environment, services, database, observation.metrics, log, closers),
  );
  const development = environment.nodeEnvironment === 'development';
  const dashboard = await stage('dashboard ready', () =>
    createDashboard(path.join(repositoryRoot, 'web'), { url: server.url, development, basePath: environment.basePath }),
  );
  signal.throwIfAborted();
  const { gate: access, routers } = await openAccess(environment, services, database.url, log, closers);
  const allRouters = [observation.router, ...routers, ...platformRouters(services, schema)];
  server.serve({ graphql, access, routers: allRouters, metrics: observation.metrics, dashboard });
  // Last opened, first closed: no request and no training is left when the database goes.
  closers.add(() => server.close());
  startWorkers(environment, database.url, services, log, closers);
  await startImports(environment, database, services, importReader, log, closers);
  await services.recordings.late.resume();
  services.janitor.start();
  closers.add(() => services.janitor.stop());
  if (environment.demo) startDemonstration(services, environment, log, closers);
  const broken = database.ended.then(() => {
    throw new EnvironmentError(
      'The embedded PostgreSQL ended by itself and cannot be started again; postgres.log in the data directory says why.',
    );
  });
  return { url: `${server.url}${environment.basePath}`, broken };
}

async function openQueues(
  { dataDirectory }: Environment,
  { dataSource, url }: OpenDatabase,
  log: Logger,
  closers: Closers,
): Promise<{ queue: TrainingQueue; importQueue: ImportQueue }> {
  const info = (line: string): void => log.info(line);
  const queue = await TrainingQueue.start(withSessionOptions(url), info);
  closers.add(() => queue.stop());
  const supervisor = new RunSupervisor(dataSource, queue, (line) => log.warn(line));
  closers.add(() => supervisor.stop());
  const importQueue = await ImportQueue.start(withSessionOptions(url), DataStore.open(dataDirectory).id, info);
  closers.add(() => importQueue.stop());
  return { queue, importQueue };
}

/** Processes that read what comes from outside: weights and pictures some at a time, imports one after the other. */
function openReaders(log: Logger, closers: Closers): { reader: Reader; importReader: Reader } {
  const file = path.join(repositoryRoot, 'dist', 'server', 'src', 'reader.js');
  const settings = { file, log: (line: string) => log.info(line) };
  const reader = new ReadingProcesses({ ...settings, most: 3, heapMegabytes: 1024 });
  const importReader = new ReadingProcesses({ ...settings, most: 1, heapMegabytes: 2048 });
  closers.add(() => reader.close());
  closers.add(() => importReader.close());
  return { reader, importReader };
}

async function startImports(
  { importRoots, dataDirectory }: Environment,
  { dataSource, url: databaseUrl }: OpenDatabase,
  services: PlatformServices,
  reader: Reader,
  log: Logger,
  closers: Closers,
): Promise<void> {
  const perform: PerformImport = (job, { signal, progress }) =>
    reader.ask(
      importReading,
      { job, databaseUrl, dataDirectory, importRoots },
      { what: job.source, signal, onProgress: (said) => progress(said as ImportJobProgress) },
    );
  const runner = new ImportRunner(dataSource, services.imports, services.importJobs.facilities, log, perform);
  closers.add(() => runner.stop());
  await runner.start();
}

async function openGraphQL(
  environment: Environment,
  services: Services,
  { dataSource, url }: OpenDatabase,
  metrics: PlatformMetrics,
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
    graphql: await createGraphQLEndpoint({
      schema,
      log,
      limits,
      metrics,
      sql: new CancellableSql(dataSource, url, warn),
    }),
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
    file: path.join(repositoryRoot, 'dist', 'server', 'src', 'worker.js'),
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
