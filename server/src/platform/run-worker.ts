import os from 'node:os';
import { Closers } from './closers.js';
import { readEnvironment } from '../environment.js';
import { openLogger } from '../logging.js';
import { runUntilSignal, stopSignals } from './run-until-signal.js';
import type { WorkerLimits } from '../training/worker-limits.js';
import { openWorker } from './worker-app.js';

/**
 * A worker in this process until a signal or its limits end it; SIGUSR1 is what schedulers send before they end a job.
 * Exits.
 */
export async function runWorker(limits: WorkerLimits = {}): Promise<never> {
  stepBack();
  const closers = new Closers();
  return runUntilSignal(
    () => {
      const environment = readEnvironment();
      const log = openLogger(environment);
      return { log, start: () => openWorker(environment, log, closers, limits), close: () => closers.close(log) };
    },
    ({ engine }) => process.stdout.write(`worker ready: ${engine}\n`),
    [...stopSignals, 'SIGUSR1'],
  );
}

/**
 * Before any thread is made, so that all have it: training takes what the API and the database leave over, and those
 * stay quick. Who started
 * the platform with a lower priority still (`nice -n 19`) meant it, and only root may raise one.
 */
function stepBack(): void {
  if (os.getPriority() < os.constants.priority.PRIORITY_BELOW_NORMAL)
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
}
