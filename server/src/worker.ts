import { listenForEarlySignal } from './early-signal.js';
import { loadInstalled } from './missing-package.js';
import { demandNode } from './node-version.js';

// An older Node cannot even link what follows: imports wait for the check.
demandNode();
listenForEarlySignal();
await import('reflect-metadata');
const { runWorker } = await loadInstalled(() => import('./platform/run-worker.js'));

await runWorker();
