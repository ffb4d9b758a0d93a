import { userInfo } from 'node:os';
import type { DataSource } from 'typeorm';
import { SplitMetrics } from '../analysis/record/split-metrics.entity.js';
import { Closers } from '../platform/closers.js';
import { createSchema, noSubscriptions } from '../api/schema.js';
import { createServices, type PlatformServices } from '../platform/services.js';
import { runningDatabaseUrl } from '../database/embedded-postgres.js';
import { openDatabase } from '../database/open-database.js';
import { withSessionOptions } from '../database/session-settings.js';
import { readEnvironment, type Environment } from '../environment.js';
import { createLogger } from '../logging.js';
import type { TrainingRun } from '../runs/training-run.entity.js';
import { TrainingQueue } from '../runs/queue/training-queue.js';
import { takeInStore } from '../platform/take-in-store.js';
import { startTrainingWorker } from '../platform/worker-app.js';
import { DataStore } from '../storage/data-store.js';
import type { BackupSession } from './backup.js';
import type { CheckpointSession } from './checkpoint.js';
import type { ExperimentSession } from './experiment.js';
import type { ExportSession } from './export.js';
import type { LabelsSession } from './labels.js';
import type { EvaluateSession } from './evaluate.js';
import type { PredictSession } from './predict.js';
import type { TidySession } from './tidy.js';
import type { TokenSession } from './token.js';
import type { TrainSession } from './train.js';

interface Connection {
  environment: Environment;
  services: PlatformServices;
  dataSource: DataSource;
  databaseUrl: string;
  /** Nobody else uses the database: no platform runs on it. */
  alone: boolean;
  closers: Closers;
  close(): Promise<void>;
}

/** The database of DATABASE_URL, or of the platform that runs on DATA_DIR, or else one started for this command. */
async function connect(): Promise<Connection> {
  const environment = readEnvironment();
  const logger = createLogger(environment.logLevel === 'info' ? 'warn' : environment.logLevel);
  const log = (line: string): void => logger.info(line);
  const closers = new Closers();
  const alone = !environment.databaseUrl && (await runningDatabaseUrl(environment.dataDirectory)) === null;
  const database = await openDatabase({ ...environment, join: true, actor: commandLine(), log });
  closers.add(() => database.close());
  const queue = await TrainingQueue.start(withSessionOptions(database.url), log);
  closers.add(() => queue.stop());
  const services = createServices(database.dataSource, queue, environment.dataDirectory, { ...environment, log });
  closers.add(() => services.predictor.close());
  try {
    // A command on another machine's database may need no files at all.
    if (!environment.databaseUrl || services.store.exists) await takeInStore(database.dataSource, services, log);
  } catch (error) {
    await closers.close(logger);
    throw error;
  }
  return {
    environment,
    services,
    dataSource: database.dataSource,
    databaseUrl: database.url,
    alone,
    closers,
    close: () => closers.close(logger),
  };
}

export async function openImport(): Promise<{ importService: PlatformServices['imports']; close(): Promise<void> }> {
  const { services, close } = await connect();
  return { importService: services.imports, close };
}

export async function openDrawing(): Promise<{
  importService: PlatformServices['imports'];
  dataDirectory: string;
  close(): Promise<void>;
}> {
  const { services, environment, close } = await connect();
  return { importService: services.imports, dataDirectory: environment.dataDirectory, close };
}

export async function openExport(): Promise<ExportSession> {
  const { services, dataSource, close } = await connect();
  return {
    columns: services.columns,
    manager: dataSource.manager,
    schema: await createSchema(null, noSubscriptions),
    close,
  };
}

export async function openLabels(): Promise<LabelsSession> {
  const { services, close } = await connect();
  const { datasets, labelSets, labelSetMaker } = services;
  return { datasets, labelSets, labelSetMaker, close };
}

export async function openCheckpoints(): Promise<CheckpointSession> {
  const { services, close } = await connect();
  return { ...services, close };
}

export async function openPredictions(): Promise<PredictSession> {
  const { services, close } = await connect();
  return { ...services, close };
}

export async function openTidying(): Promise<TidySession> {
  const { services, close } = await connect();
  return { janitor: services.janitor, close };
}

/** Without the queue and the services: a restore takes the tables away and makes them again. */
export async function openBackup(): Promise<BackupSession> {
  const environment = readEnvironment();
  const alone = environment.databaseUrl !== undefined || (await runningDatabaseUrl(environment.dataDirectory)) === null;
  const log = (): void => undefined;
  const database = await openDatabase({ ...environment, join: true, actor: commandLine(), log });
  const store = DataStore.open(environment.dataDirectory);
  return { dataSource: database.dataSource, databaseUrl: database.url, store, alone, close: () => database.close() };
}

export async function openTokens(): Promise<TokenSession> {
  const { services, close } = await connect();
  return { access: services.access, actor: commandLine(), close };
}

/** As the audit log names whoever sits at this machine. */
function commandLine(): string {
  return `command line (${userName()})`;
}

/** A user without a name has a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}

/** Where no platform runs, this process is the worker too. */
export async function openEvaluations(): Promise<EvaluateSession> {
  const { services, environment, dataSource, databaseUrl, alone, closers, close } = await connect();
  if (alone) await startTrainingWorker({ ...environment, dataSource, databaseUrl }, () => undefined, closers);
  return { ...services, summary: (run, epoch) => summary(dataSource, run, epoch), close };
}

/** Where no platform runs, this process is the worker too. */
export async function openTraining(): Promise<TrainSession> {
  const connection = await connect();
  const { services, dataSource, close } = connection;
  return {
    training: services.training,
    datasets: services.datasets,
    labelSets: services.labelSets,
    planner: services.planner,
    summary: (run, epoch) => summary(dataSource, run, epoch),
    startWorker: () => startWorker(connection),
    close,
  };
}

/** Where no platform runs, this process is the worker too. */
export async function openExperiments(): Promise<ExperimentSession> {
  const connection = await connect();
  const { experiments, datasets, labelSets } = connection.services;
  return { experiments, datasets, labelSets, startWorker: () => startWorker(connection), close: connection.close };
}

/** @returns who trains, printable. */
async function startWorker({ environment, dataSource, databaseUrl, alone, closers }: Connection): Promise<string> {
  if (!alone) return 'a worker of the platform';
  const place = { ...environment, dataSource, databaseUrl };
  return `this command (${(await startTrainingWorker(place, () => undefined, closers)).engine})`;
}

async function summary(dataSource: DataSource, run: TrainingRun, epoch: number): Promise<string> {
  const metrics = await dataSource
    .getRepository(SplitMetrics)
    .find({ where: { runRow: run.row, epoch }, order: { split: 'ASC' } });
  const parts = metrics.map(({ split, accuracy, votesKlTarget, votesKlFused }) => {
    const divergence =
      votesKlTarget === null
        ? ''
        : ` (KL of votes: target ${votesKlTarget.toFixed(3)}, fused ${votesKlFused?.toFixed(3)})`;
    return `${split.toLowerCase()} ${(100 * accuracy).toFixed(1)} %${divergence}`;
  });
  return `epoch ${String(epoch).padStart(3)}  accuracy: ${parts.join(', ')}`;
}
