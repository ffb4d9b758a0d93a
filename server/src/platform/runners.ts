import { evaluateToTheEnd } from '../predictions/evaluation/run-evaluation.js';
import { RunKind } from '../runs/training-run.entity.js';
import { trainToTheEnd } from '../training/run-training.js';
import type { Runner } from '../training/training-dependencies.js';

/** Who carries out which kind of run: a worker is handed this, so that no room imports a later one. */
export const runners: Readonly<Record<RunKind, Runner>> = {
  [RunKind.TRAINING]: trainToTheEnd,
  [RunKind.EVALUATION]: evaluateToTheEnd,
};
