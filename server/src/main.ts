import { loadInstalled } from './missing-package.js';
import { demandNode } from './node-version.js';

// An older Node cannot even link what follows: imports wait for the check.
demandNode();
await import('reflect-metadata');
const { startPlatform } = await loadInstalled(() => import('./platform/app.js'));
const { Closers } = await import('./platform/closers.js');
const { readEnvironment } = await import('./environment.js');
const { openLogger } = await import('./logging.js');
const { handleUncaught } = await import('./platform/uncaught.js');
const { runUntilSignal } = await import('./platform/run-until-signal.js');

const closers = new Closers();
await runUntilSignal(
  () => {
    const environment = readEnvironment();
    const log = openLogger(environment);
    const uncaught = handleUncaught(log, () => closers.close(log));
    process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
    return {
      log,
      start: (signal) => startPlatform(environment, log, closers, signal),
      close: () => closers.close(log),
    };
  },
  (platform) =>
    process.stdout.write(`Ada-DF platform on ${platform.url} (API: ${platform.url}/graphql). Ctrl-C stops it.\n`),
);
