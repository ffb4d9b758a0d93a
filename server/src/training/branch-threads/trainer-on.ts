import type { Learner } from '../../ada-df/train-step.js';
import type { Engine } from '../../engine/engine.js';
import { localTrainer, type Trainer } from '../trainer.js';
import { BranchThreads, type BranchThreadOptions } from './branch-threads.js';

/**
 * A thread a branch where the engine's cores are filled better that way, the engine itself elsewhere. @param batchSize
 * of the largest batch.
 */
export async function trainerOn(
  engine: Engine,
  learner: Learner,
  options: Omit<BranchThreadOptions, 'engine'>,
): Promise<Trainer> {
  const beside = engine.beside(2);
  return beside === null
    ? localTrainer(learner, engine.deferred ? 1 : 0)
    : BranchThreads.open(learner, { ...options, engine: beside });
}
