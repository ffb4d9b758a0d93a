import { PlatformError } from '../errors.js';

/**
 * Why a run stops before its end. `lost`: another worker has it, or may take it. `database-away`: it is taken up again
 * when its lease has run out.
 */
export type StopReason = 'cancelled' | 'worker-stopping' | 'lost' | 'database-away';

/** Give it to `AbortController.abort` of the signal a run trains under. */
export class RunStopped extends PlatformError {
  constructor(readonly why: StopReason) {
    super('RUN_STOPPED', `The run was stopped: ${why}.`, { why });
  }
}
