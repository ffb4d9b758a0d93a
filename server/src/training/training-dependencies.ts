import type { DataSource } from 'typeorm';
import type { Kernels } from '../ada-df/kernels.js';
import type { CheckpointFiles } from '../models/checkpoints/checkpoint-files.js';
import type { TrainingRecorder } from './record-training.js';

/** What it takes to train a run. */
export interface TrainingDependencies {
  dataSource: DataSource;
  recorder: TrainingRecorder;
  files: CheckpointFiles;
  kernels: Kernels;
  backend: string;
  device: string;
  log: (line: string) => void;
}
