import * as tf from '@tensorflow/tfjs-core';
import { type Learner, trainStep, type StepResult } from '../ada-df/train-step.js';
import { explainOutOfMemory } from './out-of-memory.js';

/** One batch and what the schedule says of its step. B samples of `size` x `size` pixels, C classes. */
export interface TrainingStep {
  /** x, `[B, size, size, 3]`, normalised. */
  images: Float32Array;
  size: number;
  /** y, `[B]`. */
  labels: Int32Array;
  /** L, `[C * C]` row-major. */
  classDistributions: Float32Array;
  /** e, counted from 1. */
  epoch: number;
  learningRate: number;
  dropoutSeed: number;
  /** Least and greatest w over which w is stretched to v. Default: those of the batch. */
  attentionRange?: readonly [number, number];
}

/** Where the steps of a run are computed. */
export interface Trainer {
  step(step: TrainingStep): Promise<StepResult>;
  /** So many steps may be asked for before the one waited for has ended. */
  ahead: number;
  /** Resolves when the learner's network and Adam hold what the steps so far made of them. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * On the engine of this thread. @param ahead 1 where a device of its own computes what a step records
 * (`Engine.deferred`).
 */
export function localTrainer(learner: Learner, ahead = 0): Trainer {
  return {
    ahead,
    step: (step) => localStep(learner, step),
    settle: async () => undefined,
    close: async () => undefined,
  };
}

/** @throws OutOfMemory, which says what to lower. */
export async function localStep(
  learner: Learner,
  { images, size, labels, classDistributions, ...schedule }: TrainingStep,
): Promise<StepResult> {
  const { classes, width } = learner.config;
  const tensors: tf.Tensor[] = [];
  try {
    const x = tf.tensor4d(images, [labels.length, size, size, 3]);
    tensors.push(x);
    const L = tf.tensor2d(classDistributions, [classes, classes]);
    tensors.push(L);
    return await trainStep(learner, { images: x, labels }, L, schedule);
  } catch (error) {
    throw explainOutOfMemory(error, { batch: labels.length, size, width });
  } finally {
    tf.dispose(tensors);
  }
}
