import { SingleBar } from 'cli-progress';
import { PlatformError } from '../errors.js';
import { onInterruption } from './interruption.js';

/** A bar on a terminal; nothing where the output goes to a file. */
export interface ProgressLine {
  show(done: number, total: number): void;
  end(): void;
}

export function progressLine(what: string, unit: string): ProgressLine {
  const bar = new SingleBar({
    format: `${what} [{bar}] {value}/{total} ${unit} | {eta_formatted} left`,
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  });
  let shown = false;
  return {
    show: (done, total) => {
      if (!shown) bar.start(total, done);
      shown = true;
      bar.setTotal(total);
      bar.update(done);
    },
    end: () => {
      if (shown) bar.stop();
    },
  };
}

/** Aborts at Ctrl-C, termination or hang-up while `work` runs. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const abort = (): void => stop.abort(new PlatformError('INTERRUPTED', 'Interrupted: nothing was kept.'));
  const stopListening = onInterruption(abort);
  try {
    return await work(stop.signal);
  } finally {
    stopListening();
  }
}
