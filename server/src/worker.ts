import os from 'node:os';
import { loadInstalled } from './missing-package.js';
import { demandNode } from './node-version.js';

// An older Node cannot even link what follows: imports wait for the check.
demandNode();
await import('reflect-metadata');
const { Closers } = await import('./platform/closers.js');
const { readEnvironment } = await import('./environment.js');
const { openLogger } = await import('./logging.js');
const { runUntilSignal } = await import('./platform/run-until-signal.js');
const { openWorker } = await loadInstalled(() => import('./platform/worker-app.js'));

const closers = new Closers();
stepBack();
await runUntilSignal(
  () => {
    const environment = readEnvironment();
    const log = openLogger(environment);
    return { log, start: () => openWorker(environment, log, closers), close: () => closers.close(log) };
  },
  ({ engine }) => process.stdout.write(`worker ready: ${engine}\n`),
);

/**
 * Before any thread is made, so that all have it: training takes what the API and the database leave over, and those
 * stay quick. Who started
 * the platform with a lower priority still (`nice -n 19`) meant it, and only root may raise one.
 */
function stepBack(): void {
  if (os.getPriority() < os.constants.priority.PRIORITY_BELOW_NORMAL)
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
}
