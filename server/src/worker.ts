import 'reflect-metadata';
import { Closers } from './closers.js';
import { readEnvironment } from './environment.js';
import { createLogger } from './logging.js';
import { runUntilSignal } from './run-until-signal.js';
import { openWorker } from './worker-app.js';

const closers = new Closers();
await runUntilSignal(
  () => {
    const environment = readEnvironment();
    const log = createLogger(environment.logLevel);
    return { log, start: () => openWorker(environment, log, closers), close: () => closers.close(log) };
  },
  ({ engine }) => process.stdout.write(`worker ready: ${engine}\n`),
);
