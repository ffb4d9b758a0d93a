import { evaluateToTheEnd } from '../predictions/evaluation/run-evaluation.js';
import { ConflictError } from '../errors.js';
import { RunKind } from '../runs/training-run.entity.js';
import { trainToTheEnd } from '../training/run-training.js';
import type { Runner } from '../training/training-dependencies.js';

/** Who carries out which kind of run: a worker is handed this, so that no room imports a later one. */
export const runners: Readonly<Record<RunKind, Runner>> = {
  [RunKind.TRAINING]: trainToTheEnd,
  [RunKind.EVALUATION]: evaluateToTheEnd,
  [RunKind.RECORDED]: nobody,
};

/** Never in the queue: this is the answer to whoever puts one there. */
async function nobody(_dependencies: unknown, { id }: { id: string }): Promise<never> {
  throw new ConflictError(`Run ${id} was recorded elsewhere: nobody here can run its code.`);
}
