import type { DataSource } from 'typeorm';
import { embedNext } from '../analysis/embeddings/embed-next.js';
import { analyseEpoch } from '../analysis/record/analyse-epoch.js';
import type { Learner } from '../ada-df/train-step.js';
import type { Closers } from './closers.js';
import { codeVersion, packageVersions } from './code-version.js';
import { listen } from '../database/notifications.js';
import { openDatabase } from '../database/open-database.js';
import { withSessionOptions } from '../database/session-settings.js';
import { startEngine } from '../engine/engine.js';
import type { Environment } from '../environment.js';
import { EnvironmentError } from '../errors.js';
import type { Logger } from '../logging.js';
import { CheckpointFiles } from '../models/checkpoints/checkpoint-files.js';
import { onEveryKernel } from '../engine/kernel-pulse.js';
import { Pulse } from '../training/pulse.js';
import { trainerOn } from '../training/branch-threads/trainer-on.js';
import { runners } from './runners.js';
import { claimStore } from '../storage/claim-store.js';
import { DataStore } from '../storage/data-store.js';
import { TrainingRecorder } from '../training/record-training.js';
import { RunSupervisor } from '../runs/queue/run-supervisor.js';
import type { TrainingDependencies } from '../training/training-dependencies.js';
import { trainingChannel } from '../runs/events/training-events.js';
import { TrainingQueue } from '../runs/queue/training-queue.js';
import type { Trainer } from '../training/trainer.js';
import type { WorkerLimits } from '../training/worker-limits.js';
import { TrainingWorker } from '../training/training-worker.js';

export interface WorkerPlace extends Pick<Environment, 'backend' | 'threads' | 'dataDirectory' | 'pulseDescriptor'> {
  dataSource: DataSource;
  databaseUrl: string;
}

/**
 * Composition root of training: starts to take runs from the queue. Returns what computes, printable, and what resolves
 * with the reason when `limits` end it; what it opens it adds to `closers`.
 */
export async function startTrainingWorker(
  { backend, threads, dataDirectory, dataSource, databaseUrl, pulseDescriptor }: WorkerPlace,
  log: (line: string) => void,
  closers: Closers,
  limits: WorkerLimits = {},
): Promise<{ engine: string; done: Promise<string> }> {
  const engine = await startEngine({ backend, threads, log });
  closers.add(() => engine.dispose());
  const queue = await TrainingQueue.start(withSessionOptions(databaseUrl), log);
  closers.add(() => queue.stop());
  const supervisor = new RunSupervisor(dataSource, queue, log);
  closers.add(() => supervisor.stop());
  const store = DataStore.open(dataDirectory);
  await claimStore(dataSource, store);
  const files = new CheckpointFiles(store);
  const pulse = new Pulse();
  onEveryKernel(pulse.main);
  const openTrainer = (learner: Learner, batchSize: number): Promise<Trainer> =>
    trainerOn(engine, learner, { batchSize, log, pulse });
  const recorder = new TrainingRecorder(dataSource, files, analyseEpoch, log);
  const version = codeVersion();
  const dependencies: TrainingDependencies = {
    openTrainer,
    dataSource,
    store,
    recorder,
    runners,
    files,
    kernels: engine.kernels,
    compile: engine.compile,
    backend: engine.name,
    device: engine.device,
    provenance: { codeVersion: version, packages: packageVersions() },
    sideWork: (stop) => embedNext(dataSource, stop),
    giveBack: (manager, run) => queue.enqueue(manager, run.row, run.wantedWorker),
    log,
  };
  const worker = new TrainingWorker(dependencies, {
    databaseUrl,
    dataSource,
    queue,
    listen: (onPayload) => listen(databaseUrl, trainingChannel, { onPayload, log }),
    announcement: {
      backend: engine.name,
      device: engine.device,
      threads: engine.threads,
      passedOver: engine.passedOver,
      codeVersion: version,
    },
    pulse,
    limits,
    descriptor: process.send ? (pulseDescriptor ?? null) : null,
    log,
  });
  closers.add(() => worker.stop());
  await worker.start();
  return { engine: `${engine.name} on ${engine.device}`, done: worker.done };
}

/**
 * A worker process of its own, on the database of `DATABASE_URL` or of the platform that runs on the same data
 * directory.
 */
export async function openWorker(
  environment: Environment,
  logger: Logger,
  closers: Closers,
  limits: WorkerLimits,
): Promise<{ engine: string; broken: Promise<never>; done: Promise<string> }> {
  const log = (line: string): void => logger.info(line);
  const database = await openDatabase({ ...environment, join: true, log });
  closers.add(() => database.close());
  const place = { ...environment, dataSource: database.dataSource, databaseUrl: database.url };
  return { ...(await startTrainingWorker(place, log, closers, limits)), broken: platformGone() };
}

/** A worker that a platform started ends with it. */
function platformGone(): Promise<never> {
  return new Promise((_, reject) => {
    process.once('disconnect', () => reject(new EnvironmentError('The platform that started this worker has ended.')));
  });
}
