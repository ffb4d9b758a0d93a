import type { DataSource, EntityManager } from 'typeorm';
import type { Kernels } from '../ada-df/kernels.js';
import type { Learner } from '../ada-df/train-step.js';
import type { Engine } from '../engine/engine.js';
import type { CheckpointFiles } from '../models/checkpoints/checkpoint-files.js';
import type { DataStore } from '../storage/data-store.js';
import type { TrainingRecorder } from './record-training.js';
import type { Trainer } from './trainer.js';
import type { PackageVersion, RunKind, TrainingRun } from '../runs/training-run.entity.js';

/** Carries a run of one kind to its end. Rejects with RunStopped when it has to go on elsewhere. */
export type Runner = (dependencies: TrainingDependencies, run: TrainingRun, stop: AbortSignal) => Promise<void>;

/** What it takes to train a run. */
export interface TrainingDependencies {
  dataSource: DataSource;
  /** Where images of data sets may lie. */
  store: DataStore;
  recorder: TrainingRecorder;
  /** Every kind of run that a worker takes. */
  runners: Readonly<Record<RunKind, Runner>>;
  files: CheckpointFiles;
  kernels: Kernels;
  /** As of `Engine`: compiles the forward pass of evaluation. */
  compile?: Engine['compile'];
  /** Default: on the engine of this thread. */
  openTrainer?: (learner: Learner, batchSize: number) => Promise<Trainer>;
  backend: string;
  device: string;
  /** Recorded with every run. */
  provenance?: { codeVersion: string | null; packages: PackageVersion[] };
  /** Does a piece of other work while no run waits. @returns whether there was one. */
  sideWork?: (stop: AbortSignal) => Promise<boolean>;
  /** Until the worker has to let go of the run; default: never. */
  secondsLeft?: () => number;
  /** Puts a run that this worker had back into the queue, in the caller's transaction. */
  giveBack: (manager: EntityManager, run: TrainingRun) => Promise<void>;
  log: (line: string) => void;
}
