import type { AdaDfConfig } from '../../ada-df/config.js';
import type { BranchName } from '../../ada-df/parameters.js';
import type { StepResult } from '../../ada-df/train-step.js';
import type { EngineOptions } from '../../engine/engine.js';
import type { RendezvousMemory } from '../../engine/threads/rendezvous.js';
import type { TrainingStep } from '../trainer.js';
import type { LearnerState } from './learner-state.js';

/** What a branch thread is started with. */
export interface BranchThreadData {
  branch: BranchName;
  config: AdaDfConfig;
  engine: Omit<EngineOptions, 'log'>;
  meeting: RendezvousMemory;
  /** See `Pulse.memory`. */
  pulse: SharedArrayBuffer;
}

/** `images` of a step lie in shared memory, which stays as it is until both threads have answered. */
export type Request =
  | { ask: 'take'; state: LearnerState }
  | { ask: 'step'; step: TrainingStep }
  | { ask: 'state' }
  | { ask: 'close' };

/** One for each request, but for `close`, which is answered by the thread's end. */
export type Answer = { ready: true } | { losses: StepResult } | { state: LearnerState };

/** `left`: the other thread failed, and says why. */
export type FromThread = { log: string } | { answer: Answer } | { failed: string } | { left: true };
