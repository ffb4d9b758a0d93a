import { isDatabaseOutage } from '../../database-outage.js';
import { PlatformError } from '../../errors.js';

export class Cancelled extends Error {}
export class Stopping extends Error {}
export class Stalled extends Error {}

/** An import that a stopping server ends counts as an attempt unless it got on within this. */
const lately = 60_000;

/** What can end an import before it has done its work. */
export class ImportEnds {
  /** A person. */
  readonly cancel = new AbortController();
  /** It makes no progress. */
  readonly stall = new AbortController();
  readonly signal: AbortSignal;

  constructor(
    private readonly stopping: AbortSignal,
    /** The queue has given it to somebody else: this server said nothing for too long. */
    private readonly lost: AbortSignal,
  ) {
    this.signal = AbortSignal.any([this.cancel.signal, this.stall.signal, stopping, lost]);
  }

  /** Whether another try may go better. */
  beginsAnew(error: unknown): boolean {
    if (this.stopping.aborted || this.lost.aborted || this.stall.signal.aborted) return true;
    return !this.cancel.signal.aborted && (isDatabaseOutage(error) || isKilled(error));
  }

  /** Whether it has nothing to do with the import. @param quietMilliseconds how long that has told nothing new. */
  innocent(error: unknown, quietMilliseconds: number): boolean {
    if (this.stall.signal.aborted || quietMilliseconds > lately) return false;
    return this.stopping.aborted || (!this.lost.aborted && isDatabaseOutage(error));
  }
}

/** Its process was ended by somebody else, not for what it read: by a person, or for want of memory of the machine. */
function isKilled(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'READING_STOPPED' && error.details['ended'] === true;
}
