import 'reflect-metadata';
import { startPlatform } from './platform/app.js';
import { Closers } from './platform/closers.js';
import { readEnvironment } from './environment.js';
import { createLogger } from './logging.js';
import { runUntilSignal } from './platform/run-until-signal.js';

const closers = new Closers();
await runUntilSignal(
  () => {
    const environment = readEnvironment();
    const log = createLogger(environment.logLevel);
    return {
      log,
      start: (signal) => startPlatform(environment, log, closers, signal),
      close: () => closers.close(log),
    };
  },
  (platform) =>
    process.stdout.write(`Ada-DF platform on ${platform.url} (API: ${platform.url}/graphql). Ctrl-C stops it.\n`),
);
