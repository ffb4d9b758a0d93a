import os from 'node:os';
import 'reflect-metadata';
import { Closers } from './platform/closers.js';
import { readEnvironment } from './environment.js';
import { createLogger } from './logging.js';
import { runUntilSignal } from './platform/run-until-signal.js';
import { openWorker } from './platform/worker-app.js';

const closers = new Closers();
// Before any thread is made, so that all have it: training takes what the API and the database leave over, and those
// stay quick.
os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
await runUntilSignal(
  () => {
    const environment = readEnvironment();
    const log = createLogger(environment.logLevel);
    return { log, start: () => openWorker(environment, log, closers), close: () => closers.close(log) };
  },
  ({ engine }) => process.stdout.write(`worker ready: ${engine}\n`),
);
