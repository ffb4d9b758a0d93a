import { leaseSeconds } from '../runs/queue/run-lease.js';

/** When a worker ends by itself; with none of them it works until it is stopped. All times in seconds. */
export interface WorkerLimits {
  /** It ends when no run has waited for it for so long. */
  idleSeconds?: number;
  /** It ends after so many runs. */
  runs?: number;
  /** It ends before its process is so old: what it has under way goes back to the queue. */
  timeLimitSeconds?: number;
}

/** What a stop takes at most, and what is left of a time limit for it; of a short limit a tenth. */
const reserveSeconds = 30;
/** A worker that was killed keeps its run from the queue until its lease has run out and somebody has looked. */
export const leastIdleSeconds = leaseSeconds + 3;

/** Keeps account of what a worker may still do. Times from `performance.now()`. */
export class WorkerAllowance {
  private idleSince: number | null = null;
  private runs = 0;
  private spent = false;

  /** @param begun from when a time limit counts, in milliseconds of `performance.now()`: the start of the process. */
  constructor(
    private readonly limits: WorkerLimits = {},
    private readonly begun = 0,
  ) {}

  /** Why the worker ends now; null when it may take a run. */
  over(): string | null {
    const { idleSeconds, runs } = this.limits;
    if (this.spent || this.left() <= 0) return 'its time is up';
    if (runs !== undefined && this.runs >= runs) return `it has carried out ${runs} ${runs === 1 ? 'run' : 'runs'}`;
    if (idleSeconds !== undefined && this.idleSince !== null && since(this.idleSince) >= idleSeconds)
      return 'no run waits for it';
    return null;
  }

  tookRun(): void {
    this.runs++;
    this.idleSince = null;
  }

  /** A run went back because its next epoch would not fit: what is left is too short for others too. */
  gaveBack(): void {
    this.spent = this.limits.timeLimitSeconds !== undefined;
  }

  foundNone(): void {
    this.idleSince ??= performance.now();
  }

  /** Seconds until the worker has to let go; infinite without a limit. */
  left(): number {
    const { timeLimitSeconds } = this.limits;
    if (timeLimitSeconds === undefined) return Infinity;
    return timeLimitSeconds - Math.min(reserveSeconds, timeLimitSeconds / 10) - since(this.begun);
  }
}

function since(milliseconds: number): number {
  return (performance.now() - milliseconds) / 1000;
}
